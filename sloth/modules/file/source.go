package file

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"syscall"

	"sloth-runner/sloth/module"
)

// source is the content that a file is to have.
type source struct {
	size int64
	// sum is its SHA-256. It is compared with that of the old file where bytes is nil.
	sum [sha256.Size]byte
	// have is the SHA-256 of the old file, where it is known; nil: it is not.
	have *[sha256.Size]byte
	// bytes is all of the content, for what is small.
	bytes []byte
	// open returns the content from its beginning, where bytes is nil.
	open func(module.Context) (io.ReadCloser, error)
}

// text is the source of a content in memory.
func text(content []byte) source {
	if content == nil {
		content = []byte{}
	}
	return source{size: int64(len(content)), bytes: content}
}

// reader returns the content.
func (s source) reader(ctx module.Context) (io.ReadCloser, error) {
	if s.bytes != nil {
		return io.NopCloser(bytes.NewReader(s.bytes)), nil
	}
	return s.open(ctx)
}

// same reports whether a regular file of the host has the content. old is what is known of the file.
func (s source) same(ctx module.Context, path string, old module.Info) (bool, error) {
	if s.have != nil {
		return *s.have == s.sum, nil
	}
	if old.Size != s.size {
		return false, nil
	}
	if s.bytes != nil {
		have, err := ctx.Host.Read(ctx, path, s.size)
		return err == nil && bytes.Equal(have, s.bytes), err
	}
	sum, err := digest(ctx, path)
	return err == nil && sum == s.sum, err
}

// digest returns the SHA-256 of a file of the host.
func digest(ctx module.Context, path string) (sum [sha256.Size]byte, err error) {
	file, err := ctx.Host.Open(ctx, path, syscall.O_RDONLY, 0)
	if err != nil {
		return sum, err
	}
	hash := sha256.New()
	_, err = io.Copy(hash, reading{ctx, file})
	hash.Sum(sum[:0])
	return sum, errors.Join(err, file.Close(ctx))
}

// reading is a file of the host as an io.Reader.
type reading struct {
	ctx  module.Context
	file module.File
}

// Read implements io.Reader.
func (r reading) Read(buffer []byte) (int, error) { return r.file.Read(r.ctx, buffer) }
