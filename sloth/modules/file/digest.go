package file

import (
	"crypto/sha256"
	"errors"
	"io"
	"syscall"

	"sloth-runner/sloth/module"
)

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
