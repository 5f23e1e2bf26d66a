package bootstrap

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// Payload is the agent that is copied to hosts: this very program. Its methods do their work once and are safe for
// concurrent use.
type Payload struct {
	// Path is the program's file.
	Path string
	// CacheDir keeps digest and compressed form between runs; "": they are made anew in each run that needs them.
	CacheDir string

	name       sync.Once
	digest     string
	nameErr    error
	read       sync.Once
	raw        []byte
	readErr    error
	compress   sync.Once
	compressed []byte
}

// Self is the payload that is this program.
func Self(cacheDir string) (*Payload, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program's own file: %w", err)
	}
	return &Payload{Path: path, CacheDir: cacheDir}, nil
}

// Digest is the SHA-256 of the program, in hex. Warm starts need nothing else, so it does not read the file where an
// earlier run did.
func (p *Payload) Digest() (string, error) {
	p.name.Do(func() { p.digest, p.nameErr = fileDigest(p.Path, p.CacheDir) })
	return p.digest, p.nameErr
}

// Raw is the program.
func (p *Payload) Raw() ([]byte, error) {
	p.load()
	return p.raw, p.readErr
}

func (p *Payload) load() {
	p.read.Do(func() {
		digest, err := p.Digest()
		if err != nil {
			p.readErr = err
			return
		}
		raw, err := os.ReadFile(p.Path)
		if err == nil && digestOf(raw) != digest {
			err = fmt.Errorf("%s was replaced while it ran", p.Path)
		}
		if err != nil {
			p.readErr = err
			return
		}
		p.raw = raw
	})
}

// Gzip is the program, compressed.
func (p *Payload) Gzip() ([]byte, error) {
	p.load()
	if p.readErr != nil {
		return nil, p.readErr
	}
	p.compress.Do(func() {
		if p.compressed = p.cached(); p.compressed == nil {
			p.compressed = pack(p.raw)
			p.keep()
		}
	})
	return p.compressed, nil
}

// Runs reports whether the program runs on the system and machine that uname(1) names.
func (p *Payload) Runs(system, machine string) bool {
	return strings.EqualFold(system, runtime.GOOS) && architecture(machine) == runtime.GOARCH
}

// architecture is Go's name for what `uname -m` says; an unknown machine keeps its name.
func architecture(machine string) string {
	switch machine {
	case "x86_64", "amd64":
		return "amd64"
	case "aarch64", "arm64":
		return "arm64"
	case "i386", "i486", "i586", "i686":
		return "386"
	case "armv6l", "armv7l", "armv8l":
		return "arm"
	default:
		return machine
	}
}

func (p *Payload) cacheFile() string {
	return filepath.Join(p.CacheDir, "payload-"+p.digest+".gz")
}

// cached returns what an earlier run kept. It is checked, since what it unpacks to is compared on each host only
// after the upload.
func (p *Payload) cached() []byte {
	if p.CacheDir == "" {
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
func (p *Payload) keep() {
	if p.CacheDir == "" || os.MkdirAll(p.CacheDir, 0o700) != nil {
		return
	}
	old, err := filepath.Glob(filepath.Join(p.CacheDir, "payload-*.gz"))
	if err != nil {
		return
	}
	for _, path := range old {
		if os.Remove(path) != nil {
			return
		}
	}
	keepFile(p.CacheDir, p.cacheFile(), p.compressed)
}

func pack(raw []byte) []byte {
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.DefaultCompression)
	if err != nil {
		panic("bootstrap: the level is a constant that gzip knows")
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
