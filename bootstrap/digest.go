package bootstrap

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// settled is the age at which a file's time of change tells it apart from what it will be after the next change:
// clocks of file systems tick slowly, some once in two seconds.
const settled = 3 * time.Second

// fileDigest is the SHA-256 of a file, in hex. To hash a program takes longer than all else that a run on a few hosts
// does; so the digest is kept in cacheDir, with what tells whether the file is still the same.
func fileDigest(path, cacheDir string) (string, error) {
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
	ok = ok && cacheDir != "" && time.Since(changed) > settled
	if ok {
		if digest := keptDigest(cacheDir, identity); digest != "" {
			return digest, nil
		}
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	digest := hex.EncodeToString(hash.Sum(nil))
	if again, err := file.Stat(); ok && err == nil {
		if after, _, _ := identify(again); after == identity {
			keepDigest(cacheDir, identity, digest)
		}
	}
	return digest, nil
}

func digestFile(cacheDir string) string { return filepath.Join(cacheDir, "digest") }

// keptDigest is what an earlier run found for the file of this identity, or "".
func keptDigest(cacheDir, identity string) string {
	text, err := os.ReadFile(digestFile(cacheDir))
	if err != nil {
		return ""
	}
	digest, found := strings.CutPrefix(strings.TrimSuffix(string(text), "\n"), identity+" ")
	if sum, err := hex.DecodeString(digest); !found || err != nil || len(sum) != sha256.Size {
		return ""
	}
	return digest
}

// keepDigest replaces what was kept before.
func keepDigest(cacheDir, identity, digest string) {
	keepFile(cacheDir, digestFile(cacheDir), []byte(identity+" "+digest+"\n"))
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
