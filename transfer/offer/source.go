package offer

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"os"

	"sloth-runner/proto"
	"sloth-runner/transfer"
)

// source is a content on its way to one host, as it is encoded.
type source interface {
	// next returns the next piece, of at most so many bytes; io.EOF after the last. The piece is the caller's until the next call.
	next(ctx context.Context, most int) ([]byte, error)
	// done is how much of the content itself was returned, where it is compressed.
	done() int64
	close()
}

// from begins to read the content at an offset, which is a multiple of transfer.Block or the end.
func (v *version) from(offset int64) (source, proto.FilesContent_Encoding, error) {
	switch {
	case v.small != nil:
		return &inMemory{data: v.small[offset:], at: offset}, proto.FilesContent_PLAIN, nil
	case v.shrinks && !v.noRoom.Load():
		encoded, err := v.library.encode(v)
		if err == nil {
			return encoded.from(offset), proto.FilesContent_ZSTD, nil
		}
		// Without room for the compressed content it is sent as it is.
	}
	file, err := v.reopen()
	if err != nil {
		return nil, 0, err
	}
	p := &plainFile{version: v, file: file, at: offset}
	if offset == 0 && !v.checked.Load() {
		p.hash = sha256.New()
	}
	return p, proto.FilesContent_PLAIN, nil
}

// inMemory is the content of a small file.
type inMemory struct {
	data []byte
	at   int64
}

func (m *inMemory) next(_ context.Context, most int) ([]byte, error) {
	if len(m.data) == 0 {
		return nil, io.EOF
	}
	piece := m.data[:min(most, len(m.data))]
	m.data = m.data[len(piece):]
	m.at += int64(len(piece))
	return piece, nil
}

func (m *inMemory) done() int64 { return m.at }
func (m *inMemory) close()      {}

// plainFile is a file that is sent as it is. The host would find out by the SHA-256 that it changed meanwhile; here it is known why.
type plainFile struct {
	version *version
	file    *os.File
	at      int64
	// hash is of all that was read; nil: that was done before.
	hash   hash.Hash
	buffer [transfer.MaxChunk]byte
}

func (p *plainFile) next(_ context.Context, most int) ([]byte, error) {
	size := p.version.entry.Size
	if p.at == size {
		return nil, p.end()
	}
	piece := p.buffer[:min(int64(most), size-p.at, transfer.MaxChunk)]
	n, err := p.file.ReadAt(piece, p.at)
	if n < len(piece) {
		if errors.Is(err, io.EOF) {
			return nil, errChanged(p.version.asked)
		}
		return nil, plain(p.version.asked, err)
	}
	p.at += int64(n)
	if p.hash != nil {
		p.hash.Write(piece)
	}
	return piece, nil
}

// end is io.EOF, if what was sent is what was hashed.
func (p *plainFile) end() error {
	if err := p.version.isStill(p.file, p.at); err != nil {
		return err
	}
	if p.hash != nil {
		if transfer.SumOf(p.hash) != p.version.entry.Digest {
			p.version.bad.Store(true)
			return errChanged(p.version.asked)
		}
		p.version.checked.Store(true)
	}
	return io.EOF
}

func (p *plainFile) done() int64 { return p.at }
func (p *plainFile) close()      { _ = p.file.Close() }
