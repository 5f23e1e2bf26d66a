package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"sloth-runner/transfer"
)

// DefaultLimit is how large a cache may be, in bytes.
const DefaultLimit = 1 << 30

const (
	contentPrefix = "file-"
	partialPrefix = "part-"
	lockName      = "lock"
)

// Store is the cache in one directory. It must be closed. Safe for concurrent use.
type Store struct {
	dir   string
	limit int64

	mu sync.Mutex
	// partials are the contents that come in, by digest. Who has the turn of one may use it.
	partials map[transfer.Digest]*slot
}

// Open opens the cache in dir, which is made if it is not there, and removes what killed processes left in it. limit bounds its size in
// bytes.
func Open(dir string, limit int64) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is no directory", dir)
	}
	if info.Mode().Perm()&0o077 != 0 {
		if err := os.Chmod(dir, 0o700); err != nil {
			return nil, fmt.Errorf("others may read %s: %w", dir, err)
		}
	}
	s := &Store{dir: dir, limit: limit, partials: map[transfer.Digest]*slot{}}
	return s, s.sweep()
}

// Close removes what is not whole.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	for _, slot := range s.partials {
		slot.turn <- struct{}{}
		if slot.partial != nil {
			err = errors.Join(err, slot.partial.remove())
		}
	}
	s.partials = map[transfer.Digest]*slot{}
	return err
}

func (s *Store) path(digest transfer.Digest) string {
	return filepath.Join(s.dir, contentPrefix+digest.String())
}

// Get opens a content, after it was checked. The error is fs.ErrNotExist when the cache does not have it.
func (s *Store) Get(digest transfer.Digest) (*os.File, error) {
	file, err := os.Open(s.path(digest))
	if err != nil {
		return nil, err
	}
	sum, err := transfer.SumFile(file)
	if err == nil {
		_, err = file.Seek(0, 0)
	}
	if err == nil && sum == digest {
		now := time.Now()
		_ = os.Chtimes(file.Name(), now, now) // it is removed earlier then
		return file, nil
	}
	_ = file.Close()
	if err == nil {
		// It is not what its name says. The name may have another file by now, which is fetched again then.
		_ = os.Remove(s.path(digest))
		err = fs.ErrNotExist
	}
	return nil, err
}

// Has reports whether the cache has a content, which is not checked.
func (s *Store) Has(digest transfer.Digest) bool {
	_, err := os.Lstat(s.path(digest))
	return err == nil
}

// digestOf reads the name of a content.
func digestOf(name string) (transfer.Digest, bool) {
	text, found := strings.CutPrefix(name, contentPrefix)
	if !found {
		return transfer.Digest{}, false
	}
	return transfer.DecodeDigest(text)
}
