package offer

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"

	"sloth-runner/internal/fault"
	"sloth-runner/transfer"
)

// Shelf is a directory in which the files of hosts go, each host's below one of its own: DIR/HOST/path. Safe for concurrent use.
type Shelf struct {
	// Dir is made when the first file comes.
	Dir string
	// MaxBytes and MaxFiles bound what one host may leave there in a run; 0: nothing does.
	MaxBytes int64
	MaxFiles int

	mu    sync.Mutex
	boxes map[string]*box
}

// box is the directory of one host.
type box struct {
	shelf *Shelf
	dir   string

	mu    sync.Mutex
	bytes int64
	files int
}

func (s *Shelf) box(host string) *box {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.boxes == nil {
		s.boxes = map[string]*box{}
	}
	if s.boxes[host] == nil {
		s.boxes[host] = &box{shelf: s, dir: escape(host)}
	}
	return s.boxes[host]
}

// reserve counts a file against what the host may leave. A file that fails gives it back with refund.
func (b *box) reserve(size int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	const hint = "raise the limit of what one host may send, or fetch less"
	if most := b.shelf.MaxFiles; most > 0 && b.files == most {
		return &fault.Error{Err: fmt.Errorf("a host may send %d files in a run", most), Hint: hint}
	}
	if most := b.shelf.MaxBytes; most > 0 && size > most-b.bytes {
		return &fault.Error{Err: fmt.Errorf("a host may send %d bytes in a run, and %d were sent before these %d", most, b.bytes, size), Hint: hint}
	}
	b.files++
	b.bytes += size
	return nil
}

func (b *box) refund(size int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.files--
	b.bytes -= size
}

// shelved is a file that comes in: under a name of its own until it is whole.
type shelved struct {
	root      *os.Root
	file      *os.File
	temporary string
	name      string
	// path is where it goes, for people.
	path string
}

// temporaryPrefix begins the names of files that are not whole. No escaped name begins so.
const temporaryPrefix = ".%part-"

// create begins a file for a path of the host.
func (b *box) create(hostPath string) (*shelved, error) {
	name, err := shelfName(hostPath)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(b.shelf.Dir, 0o700); err != nil {
		return nil, err
	}
	shelf, err := os.OpenRoot(b.shelf.Dir)
	if err != nil {
		return nil, err
	}
	defer shelf.Close()
	if err := shelf.MkdirAll(b.dir, 0o700); err != nil {
		return nil, err
	}
	root, err := shelf.OpenRoot(b.dir)
	if err != nil {
		return nil, err
	}
	s := &shelved{root: root, name: name, path: path.Join(b.shelf.Dir, b.dir, name)}
	s.temporary = path.Join(path.Dir(name), temporaryPrefix+rand.Text())
	err = root.MkdirAll(path.Dir(name), 0o700)
	if err == nil {
		s.file, err = root.OpenFile(s.temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write %s: %w", s.path, cause(err)), root.Close())
	}
	return s, nil
}

// keep gives the file its name.
func (s *shelved) keep(mode fs.FileMode) error {
	err := s.file.Chmod(mode.Perm()&0o777 | 0o600)
	if err == nil {
		err = s.file.Sync()
	}
	if closeErr := s.file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = s.root.Rename(s.temporary, s.name)
	}
	if err != nil {
		err = errors.Join(fmt.Errorf("write %s: %w", s.path, cause(err)), ignoreAbsent(s.root.Remove(s.temporary)))
	}
	return errors.Join(err, s.root.Close())
}

// discard removes what came.
func (s *shelved) discard() {
	_ = s.file.Close() // it is not wanted
	_ = s.root.Remove(s.temporary)
	_ = s.root.Close()
}

func ignoreAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// cause is an error without the name of a temporary file.
func cause(err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		return of.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}

// shelfName is where a host's path goes below its directory: each part escaped.
func shelfName(hostPath string) (string, error) {
	rel := strings.Trim(path.Clean("/"+hostPath), "/")
	if err := transfer.CheckPath(rel); err != nil {
		return "", err
	}
	parts := strings.Split(rel, "/")
	for i, part := range parts {
		parts[i] = escape(part)
	}
	escaped := strings.Join(parts, "/")
	if err := transfer.CheckPath(escaped); err != nil {
		return "", fmt.Errorf("with its special characters escaped, %w", err)
	}
	return escaped, nil
}
