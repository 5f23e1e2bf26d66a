package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/klauspost/compress/zstd"

	"sloth-runner/proto"
	"sloth-runner/transfer"
	"sloth-runner/transfer/store"
)

// Content is an offered file. It must be closed.
type Content struct {
	// Entry is what the file is like; its Name is the last part of its path.
	transfer.Entry
	// Same says that the file has the digest that the asking one has: there is nothing to be read.
	Same bool

	small *bytes.Reader
	file  *os.File
}

// Read implements io.Reader.
func (c *Content) Read(p []byte) (int, error) {
	switch {
	case c.file != nil:
		return c.file.Read(p)
	case c.small != nil:
		return c.small.Read(p)
	}
	return 0, io.EOF
}

// File is the open file that has a large content, for system calls that copy it or hand it to another process; nil: it is in
// memory.
func (c *Content) File() *os.File { return c.file }

// Close releases the content.
func (c *Content) Close() error {
	if c.file == nil {
		return nil
	}
	return c.file.Close()
}

// Files asks for contents, and keeps large ones in a cache.
type Files struct {
	Client *Client
	Store  *store.Store
}

// Get returns an offered file. have is the digest of a content that is there already; zero: none is.
func (f Files) Get(ctx context.Context, path string, have transfer.Digest) (*Content, error) {
	most := uint64(transfer.MaxInline)
	a, err := f.Client.read(ctx, &proto.FilesRead{Path: []byte(path), Have: have.Bytes(), Most: &most})
	if err != nil {
		return nil, err
	}
	return f.finish(ctx, path, a, have)
}

// finish receives the answer to a read that asks for small contents only.
func (f Files) finish(ctx context.Context, path string, a *answer, have transfer.Digest) (*Content, error) {
	content, err := small(a)
	a.close()
	if err != nil || content.small != nil {
		return content, err
	}
	if content.Digest == have {
		content.Same = true
		return content, nil
	}
	content.file, err = f.large(ctx, content.Entry, func(ctx context.Context, offset int64) (*answer, error) {
		return f.askLarge(ctx, path, content.Entry, offset)
	})
	return content, err
}

// small receives what a file is like, and the content where it follows.
func small(a *answer) (*Content, error) {
	if err := a.head(); err != nil {
		return nil, err
	}
	content := &Content{Entry: a.file}
	if !a.follows {
		_, err := a.Read(nil)
		if !errors.Is(err, io.EOF) {
			return nil, errors.Join(transfer.Broken("a content that was not announced"), err)
		}
		return content, nil
	}
	if a.zstd || a.file.Size > transfer.MaxInline {
		return nil, transfer.Broken("a content of %d bytes that was not wanted", a.file.Size)
	}
	data, err := io.ReadAll(io.LimitReader(a, transfer.MaxInline+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) != a.file.Size || transfer.DigestOf(data) != a.file.Digest:
		return nil, store.ErrDigest
	}
	content.small = bytes.NewReader(data)
	return content, nil
}

// large returns a content from the cache, after it was asked for where that does not have it.
func (f Files) large(ctx context.Context, file transfer.Entry, ask func(context.Context, int64) (*answer, error)) (*os.File, error) {
	if have, err := f.Store.Get(file.Digest); !errors.Is(err, fs.ErrNotExist) {
		return have, err
	}
	partial, err := f.Store.Partial(ctx, file.Digest)
	if err != nil {
		return nil, err
	}
	// Another task may have brought it while this one waited.
	if have, err := f.Store.Get(file.Digest); err == nil {
		return have, partial.Drop()
	}
	err = receive(ctx, file, partial, ask)
	switch {
	case err == nil:
		return partial.Keep()
	case errors.Is(err, ErrEnded) || ctx.Err() != nil:
		partial.Leave() // the next connection goes on from here
		return nil, err
	}
	return nil, errors.Join(err, partial.Drop())
}

// askLarge asks for a file from an offset.
func (f Files) askLarge(ctx context.Context, path string, file transfer.Entry, offset int64) (*answer, error) {
	return f.Client.read(ctx, &proto.FilesRead{Path: []byte(path), Sha256: file.Digest.Bytes(), Offset: uint64(offset)})
}

// receive receives what a partial file does not have.
func receive(ctx context.Context, file transfer.Entry, partial *store.Partial, ask func(context.Context, int64) (*answer, error)) error {
	offset, err := partial.Resume()
	if err != nil {
		return err
	}
	a, err := ask(ctx, offset)
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.head(); err != nil {
		return err
	}
	if !a.follows || a.file.Digest != file.Digest || a.file.Size != file.Size {
		return transfer.Broken("another file than was asked for")
	}
	return a.decode(partial, file.Size-offset)
}

// decode writes the content, which has so many bytes.
func (a *answer) decode(to io.Writer, size int64) error {
	content := io.Reader(a)
	if a.zstd {
		// One goroutine, and a window of a block: that is all that the operator's frames need.
		decoder, err := zstd.NewReader(a, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(2*transfer.Block), zstd.WithDecoderMaxMemory(8*transfer.Block))
		if err != nil {
			return err
		}
		defer decoder.Close()
		content = decoder
	}
	n, err := io.CopyBuffer(struct{ io.Writer }{to}, io.LimitReader(content, size+1), make([]byte, 128<<10))
	if err == nil && n != size {
		err = transfer.Broken("%d bytes of %d", n, size)
	}
	if err == nil {
		_, err = a.Read(make([]byte, 1))
		if errors.Is(err, io.EOF) {
			return nil
		}
		err = errors.Join(transfer.Broken("more than the content"), err)
	}
	return fmt.Errorf("receive %s: %w", transfer.Quote(a.file.Name), err)
}
