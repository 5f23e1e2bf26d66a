package payload

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"github.com/andybalholm/brotli"
)

// dense is an agent that is packed with Brotli (RFC 7932), which makes it a fifth smaller than gzip does, and which hosts
// can't unpack: for a host it is packed anew. The program carries most of its agents so, or it would be too large.
type dense struct {
	files fs.FS
	name  string
	// digest and size are those of the agent.
	digest string
	size   int64

	unpack sync.Once
	raw    []byte
	rawErr error
	pack   sync.Once
	gz     []byte
}

// Digest implements content.
func (d *dense) Digest() (string, error) { return d.digest, nil }

// Size implements content.
func (d *dense) Size() (int64, error) { return d.size, nil }

// Raw implements content.
func (d *dense) Raw() ([]byte, error) {
	d.unpack.Do(func() { d.raw, d.rawErr = d.load() })
	return d.raw, d.rawErr
}

func (d *dense) load() ([]byte, error) {
	file, err := d.files.Open(d.name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	raw := bytes.NewBuffer(make([]byte, 0, d.size+bytes.MinRead))
	if _, err := raw.ReadFrom(io.LimitReader(brotli.NewReader(file), d.size+1)); err != nil {
		return nil, fmt.Errorf("unpack %s: %w", d.name, err)
	}
	if digestOf(raw.Bytes()) != d.digest {
		return nil, fmt.Errorf("%s %w", d.name, errChanged)
	}
	return raw.Bytes(), nil
}

// Gzip implements content.
func (d *dense) Gzip() ([]byte, error) {
	raw, err := d.Raw()
	if err != nil {
		return nil, err
	}
	d.pack.Do(func() { d.gz = pack(raw) })
	return d.gz, nil
}
