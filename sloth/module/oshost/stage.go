package oshost

import (
	"context"
	"io"
	"io/fs"
	"os"

	"sloth-runner/internal/atomicfile"
	"sloth-runner/sloth/module"
)

// staged is a temporary file beside the one that it is to replace.
type staged struct {
	host Host
	path string
	file *atomicfile.Pending
}

// Stage makes the new version of a file beside the old one, with the content, mode and owner that it is to have. What is not a
// regular file is not replaced. A symbolic link is followed, so that it stays.
func (h Host) Stage(ctx context.Context, path string, content io.Reader, attributes module.Attributes) (module.Staged, error) {
	s, err := do(ctx, h, "write", path, func() (*staged, error) { return stage(path, content, attributes) })
	if err != nil {
		return nil, err
	}
	s.host = h
	return s, nil
}

func stage(path string, content io.Reader, attributes module.Attributes) (*staged, error) {
	path, old, err := target(path, attributes.Replace)
	if err != nil {
		return nil, err
	}
	if old != nil && old.Links > 1 {
		return nil, &fs.PathError{Op: "write", Path: path, Err: module.ErrLinks}
	}
	if attributes.Like != "" {
		like, err := describe(os.Stat(attributes.Like))
		if err != nil {
			return nil, err
		}
		old = &like
	}
	file, err := atomicfile.Prepare(path, func(file *os.File) error { return fill(file, content, old, attributes) })
	if err != nil {
		return nil, err
	}
	return &staged{path: path, file: file}, nil
}

// Name implements module.Staged.
func (s *staged) Name() string { return s.file.Name() }

// Commit implements module.Staged.
func (s *staged) Commit(ctx context.Context) error {
	return doOnly(ctx, s.host, "write", s.path, s.commit)
}

func (s *staged) commit() error { return s.file.Commit() }

// Discard implements module.Staged.
func (s *staged) Discard(ctx context.Context) error {
	return doOnly(ctx, s.host, "write", s.path, s.file.Discard)
}
