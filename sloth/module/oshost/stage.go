package oshost

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"sloth-runner/internal/atomicfile"
	"sloth-runner/sloth/module"
)

// staged is a temporary file beside the one that it is to replace.
type staged struct {
	host Host
	path string
	file *atomicfile.Pending
	// inPlace says that the old file may be written into where it can't be replaced, and copied that it has to be.
	inPlace, copied bool
	wanted          wanted
}

// Stage makes the new version of a file beside the old one, with the content, mode, owner and extended attributes that it is to have.
// What is not a regular file is not replaced. A symbolic link is followed, so that it stays.
func (h Host) Stage(ctx context.Context, path string, content io.Reader, attributes module.Attributes) (module.Staged, error) {
	s, err := do(ctx, h, "write", path, func() (*staged, error) { return h.stage(path, content, attributes) })
	if err != nil {
		return nil, err
	}
	s.host = h
	return s, nil
}

func (h Host) stage(path string, content io.Reader, attributes module.Attributes) (*staged, error) {
	asked := path
	path, old, err := target(path, attributes.Replace)
	if err != nil {
		return nil, err
	}
	s := &staged{path: path, inPlace: attributes.InPlace}
	if old != nil && old.Links > 1 {
		if s.copied = true; !attributes.InPlace {
			return nil, &fs.PathError{Op: "write", Path: asked, Err: module.ErrLinks}
		}
	}
	if s.wanted, err = wants(path, old, attributes); err != nil {
		return nil, err
	}
	if s.file, err = h.prepare(s, content, attributes.InPlace && old != nil); err != nil {
		return nil, refused(path, err)
	}
	return s, nil
}

// prepare makes the new version. inPlace says that it may be copied into the old file, which is there.
func (h Host) prepare(s *staged, content io.Reader, inPlace bool) (*atomicfile.Pending, error) {
	dir, elsewhere := filepath.Dir(s.path), filepath.Join(os.TempDir(), filepath.Base(s.path))
	fill := func(file *os.File) error { return s.wanted.fill(file, content) }
	prepare := func(path string) (*atomicfile.Pending, error) {
		file, err := atomicfile.Prepare(path, fill)
		if inPlace && errors.Is(err, module.ErrOwner) {
			// The old file has its owner already.
			s.copied, s.wanted.uid, s.wanted.gid = true, -1, -1
			file, err = atomicfile.Prepare(path, fill)
		}
		return file, err
	}
	if isFixed(dir) {
		// A directory that is append-only takes the new version, and neither renames nor removes it.
		if s.copied = true; !inPlace {
			return nil, &fs.PathError{Op: "write", Path: dir, Err: module.ErrImmutable}
		}
		return prepare(elsewhere)
	}
	h.Swept.sweep(dir)
	file, err := prepare(s.path)
	if inPlace && (errors.Is(err, fs.ErrPermission) || errors.Is(err, unix.EROFS)) {
		// The directory takes no new file; the old file itself may be writable.
		s.copied = true
		file, err = prepare(elsewhere)
	}
	return file, err
}

// Name implements module.Staged.
func (s *staged) Name() string { return s.file.Name() }

// Commit implements module.Staged.
func (s *staged) Commit(ctx context.Context) error {
	return doOnly(ctx, s.host, "write", s.path, s.commit)
}

func (s *staged) commit() error {
	if s.copied {
		return errors.Join(s.copy(), s.file.Discard())
	}
	err := s.file.Rename()
	switch {
	case err == nil:
		return nil
	case (errors.Is(err, unix.EBUSY) || errors.Is(err, unix.EXDEV)) && s.inPlace:
		err = s.copy()
	case errors.Is(err, unix.EBUSY) || errors.Is(err, unix.EXDEV):
		err = &fs.PathError{Op: "write", Path: s.path, Err: module.ErrMounted}
	}
	return errors.Join(refused(s.path, err), s.file.Discard())
}

// Discard implements module.Staged.
func (s *staged) Discard(ctx context.Context) error {
	return doOnly(ctx, s.host, "write", s.path, s.file.Discard)
}
