package payload

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"sloth-runner/internal/bounded"
)

// maxAgent is more than any agent has, in bytes.
const maxAgent = 256 << 20

// packed is an agent that is compressed already: those bytes are sent as they are.
type packed struct {
	files fs.FS
	name  string
	// digest and size are those of the agent.
	digest string
	size   int64

	read    sync.Once
	gz      []byte
	readErr error
	unpack  sync.Once
	raw     []byte
	rawErr  error
}

// Digest implements content.
func (p *packed) Digest() (string, error) { return p.digest, nil }

// Size implements content.
func (p *packed) Size() (int64, error) { return p.size, nil }

// Gzip implements content.
func (p *packed) Gzip() ([]byte, error) {
	p.read.Do(func() { p.gz, p.readErr = fs.ReadFile(p.files, p.name) })
	return p.gz, p.readErr
}

// Raw implements content. It is wanted by hosts without gzip alone.
func (p *packed) Raw() ([]byte, error) {
	p.unpack.Do(func() {
		gz, err := p.Gzip()
		if err != nil {
			p.rawErr = err
			return
		}
		p.raw, err = unpacked(gz)
		if err == nil && digestOf(p.raw) != p.digest {
			err = fmt.Errorf("%s %w", p.name, errChanged)
		}
		p.rawErr = err
	})
	return p.raw, p.rawErr
}

// packedFile is an agent in a file of its own that is compressed.
type packedFile struct {
	path, cacheDir string

	name    sync.Once
	inner   *packed
	nameErr error
}

// Digest implements content.
func (p *packedFile) Digest() (string, error) {
	p.name.Do(func() {
		digest, err := fileDigest(p.path, p.cacheDir, hashUnpacked)
		p.inner, p.nameErr = &packed{files: osFiles{}, name: p.path, digest: digest}, err
	})
	return p.inner.digest, p.nameErr
}

// Size implements content.
func (p *packedFile) Size() (int64, error) {
	raw, err := p.Raw()
	return int64(len(raw)), err
}

// Raw implements content.
func (p *packedFile) Raw() ([]byte, error) {
	if _, err := p.Digest(); err != nil {
		return nil, err
	}
	return p.inner.Raw()
}

// Gzip implements content. What it unpacks to has been looked at, in Size.
func (p *packedFile) Gzip() ([]byte, error) {
	if _, err := p.Raw(); err != nil {
		return nil, err
	}
	return p.inner.Gzip()
}

// osFiles opens files by any path.
type osFiles struct{}

// Open implements fs.FS.
func (osFiles) Open(name string) (fs.File, error) { return os.Open(name) }

func unpacked(gz []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(gz))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(bounded.NewReader(reader, maxAgent))
}
