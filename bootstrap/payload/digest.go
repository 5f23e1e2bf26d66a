package payload

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sloth-runner/internal/bounded"
)

// settled is the age at which a file's time of change tells it apart from what it will be after the next change:
// clocks of file systems tick slowly, some once in two seconds.
const settled = 3 * time.Second

// fileDigest is the SHA-256 of what hash makes of a file, in hex. To hash a program takes longer than all else that a
// run on a few hosts does; so the digest is kept in cacheDir, with what tells whether the file is still the same.
func fileDigest(path, cacheDir string, sum hash) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	identity, changed, ok := identify(info)
	identity = sum.name + identity
	ok = ok && cacheDir != "" && time.Since(changed) > settled
	if ok {
		if digest := keptDigest(cacheDir, identity); digest != "" {
			return digest, nil
		}
	}
	digest, err := sum.of(file)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	if again, err := file.Stat(); ok && err == nil {
		if after, _, _ := identify(again); sum.name+after == identity {
			keepDigest(cacheDir, identity, digest)
		}
	}
	return digest, nil
}

// hash is a way to the digest of an agent in a file.
type hash struct {
	// name tells the digests of one file apart.
	name string
	of   func(io.Reader) (string, error)
}

var (
	// hashAll is for files that are agents.
	hashAll = hash{"", digestAll}
	// hashUnpacked is for files that are compressed ones.
	hashUnpacked = hash{"unpacked:", func(r io.Reader) (string, error) {
		unpacking, err := gzip.NewReader(r)
		if err != nil {
			return "", err
		}
		return digestAll(bounded.NewReader(unpacking, maxAgent))
	}}
)

func digestAll(r io.Reader) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

const (
	// keptDigests is how many digests are kept: more than there are platforms.
	keptDigests = 32
	// maxDigests is the size of the largest file of digests, in bytes.
	maxDigests = 256 << 10
)

func digestFile(cacheDir string) string { return filepath.Join(cacheDir, "digest") }

// digestLines are what is kept, each "IDENTITY DIGEST".
func digestLines(cacheDir string) []string {
	text, err := bounded.ReadFile(digestFile(cacheDir), maxDigests)
	if err != nil {
		return nil
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	return lines[:min(len(lines), keptDigests)]
}

// keptDigest is what an earlier run found for the file of this identity, or "".
func keptDigest(cacheDir, identity string) string {
	for _, line := range digestLines(cacheDir) {
		digest, found := strings.CutPrefix(line, identity+" ")
		if sum, err := hex.DecodeString(digest); found && err == nil && len(sum) == sha256.Size {
			return digest
		}
	}
	return ""
}

// keepDigest puts a digest before those that were kept before. Of what two processes keep at one moment, one may go
// missing, which costs a later run some time.
func keepDigest(cacheDir, identity, digest string) {
	lines := append([]string{identity + " " + digest}, digestLines(cacheDir)...)
	keepFile(cacheDir, digestFile(cacheDir), []byte(strings.Join(lines[:min(len(lines), keptDigests)], "\n")+"\n"))
}

// keepFile writes a file of the cache, whole or not at all. It is a cache: what fails here costs a later run some time.
func keepFile(cacheDir, path string, content []byte) {
	if os.MkdirAll(cacheDir, 0o700) != nil {
		return
	}
	temporary, err := os.CreateTemp(cacheDir, "new-*")
	if err != nil {
		return
	}
	_, err = temporary.Write(content)
	if closeErr := temporary.Close(); err != nil || closeErr != nil || os.Rename(temporary.Name(), path) != nil {
		if os.Remove(temporary.Name()) != nil {
			return
		}
	}
}
