package store

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// sweep removes the partial files of processes that are gone. While another process makes one it is left to the next.
func (s *Store) sweep() error {
	unlock, err := s.lock(exclusive)
	if errors.Is(err, errLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	defer unlock()
	names, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, entry := range names {
		if strings.HasPrefix(entry.Name(), partialPrefix) {
			err = errors.Join(err, removeAbandoned(filepath.Join(s.dir, entry.Name())))
		}
	}
	return err
}

// removeAbandoned removes a partial file that no process has locked.
func removeAbandoned(path string) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // its process has just removed it
	}
	if err != nil {
		return err
	}
	defer file.Close()
	switch err := flock(file, exclusive); {
	case errors.Is(err, errLocked):
		return nil
	case err != nil:
		return err
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// trim removes what was not used for the longest time, while the cache is too large; before that, what is larger than all of the cache
// may be. What can't be removed stays.
func (s *Store) trim() {
	names, err := os.ReadDir(s.dir)
	if err != nil {
		return
	}
	type content struct {
		path string
		size int64
		used time.Time
	}
	var contents []content
	total := int64(0)
	for _, entry := range names {
		if _, ok := digestOf(entry.Name()); !ok {
			continue
		}
		if info, err := entry.Info(); err == nil {
			contents = append(contents, content{filepath.Join(s.dir, entry.Name()), info.Size(), info.ModTime()})
			total += info.Size()
		}
	}
	slices.SortFunc(contents, func(a, b content) int {
		return cmp.Or(cmp.Compare(b.size/(s.limit+1), a.size/(s.limit+1)), cmp.Compare(a.used.UnixNano(), b.used.UnixNano()))
	})
	for _, oldest := range contents {
		if total <= s.limit {
			return
		}
		if os.Remove(oldest.path) == nil {
			total -= oldest.size
		}
	}
}
