package payload

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// rawFile is an agent that is a file of its own, as this program.
type rawFile struct {
	path     string
	cacheDir string
	// keepPacked keeps the compressed form in cacheDir, for the next run.
	keepPacked bool

	name       sync.Once
	digest     string
	nameErr    error
	read       sync.Once
	raw        []byte
	readErr    error
	compress   sync.Once
	compressed []byte
}

// Digest implements content. It does not read the file where an earlier run did.
func (p *rawFile) Digest() (string, error) {
	p.name.Do(func() { p.digest, p.nameErr = fileDigest(p.path, p.cacheDir, hashAll) })
	return p.digest, p.nameErr
}

// Size implements content.
func (p *rawFile) Size() (int64, error) {
	raw, err := p.Raw()
	return int64(len(raw)), err
}

// Raw implements content.
func (p *rawFile) Raw() ([]byte, error) {
	p.read.Do(func() { p.raw, p.readErr = p.load() })
	return p.raw, p.readErr
}

func (p *rawFile) load() ([]byte, error) {
	digest, err := p.Digest()
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(p.path)
	if err == nil && digestOf(raw) != digest {
		err = fmt.Errorf("%s %w", p.path, errChanged)
	}
	return raw, err
}

// Gzip implements content.
func (p *rawFile) Gzip() ([]byte, error) {
	if _, err := p.Raw(); err != nil {
		return nil, err
	}
	p.compress.Do(func() {
		if p.compressed = p.cached(); p.compressed == nil {
			p.compressed = pack(p.raw)
			p.keep()
		}
	})
	return p.compressed, nil
}

func (p *rawFile) cacheFile() string {
	return filepath.Join(p.cacheDir, "payload-"+p.digest+".gz")
}

// cached returns what an earlier run kept. It is checked, since what it unpacks to is compared on each host only
// after the upload.
func (p *rawFile) cached() []byte {
	if p.cacheDir == "" || !p.keepPacked {
		return nil
	}
	packed, err := os.ReadFile(p.cacheFile())
	if err != nil || len(packed) > len(p.raw) {
		return nil
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	unpacked := bytes.NewBuffer(make([]byte, 0, len(p.raw)+bytes.MinRead))
	if _, err := unpacked.ReadFrom(io.LimitReader(reader, int64(len(p.raw))+1)); err != nil || !bytes.Equal(unpacked.Bytes(), p.raw) {
		return nil
	}
	return packed
}

// keep saves the compressed form, and removes those of other builds. It is a cache: what fails here costs a later
// run half a second.
func (p *rawFile) keep() {
	if p.cacheDir == "" || !p.keepPacked || os.MkdirAll(p.cacheDir, 0o700) != nil {
		return
	}
	old, err := filepath.Glob(filepath.Join(p.cacheDir, "payload-*.gz"))
	if err != nil {
		return
	}
	for _, path := range old {
		if os.Remove(path) != nil {
			return
		}
	}
	keepFile(p.cacheDir, p.cacheFile(), p.compressed)
}

func pack(raw []byte) []byte {
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.DefaultCompression)
	if err != nil {
		panic("payload: the level is a constant that gzip knows")
	}
	// A bytes.Buffer never fails.
	_, _ = writer.Write(raw)
	_ = writer.Close()
	return packed.Bytes()
}

func digestOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
