package oshost

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"sloth-runner/sloth/module"
)

// Write replaces a file in one call; see Stage.
func (h Host) Write(ctx context.Context, path string, content []byte, attributes module.Attributes) error {
	return doOnly(ctx, h, "write", path, func() error {
		s, err := h.stage(path, bytes.NewReader(content), attributes)
		if err != nil {
			return err
		}
		return s.commit()
	})
}

// target returns the file that a path leads to, and what it is; nil where there is none yet, or it does not count.
func target(path string, replace bool) (string, *module.Info, error) {
	if replace {
		return path, nil, nil
	}
	// The system looks first: EvalSymlinks does not need the permissions that "." and ".." need.
	old, err := describe(os.Stat(path))
	if errors.Is(err, fs.ErrNotExist) {
		if info, lstatErr := os.Lstat(path); lstatErr == nil && info.Mode()&fs.ModeSymlink != 0 {
			return "", nil, err // a link that leads nowhere
		}
		return path, nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", nil, err
	}
	if !old.Mode.IsRegular() {
		return "", nil, &fs.PathError{Op: "write", Path: path, Err: errors.New("it is no regular file")}
	}
	return real, &old, nil
}
