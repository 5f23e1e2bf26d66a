package oshost

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"sloth-runner/sloth/module"
)

// Write replaces a file in one call; see Stage.
func (h Host) Write(ctx context.Context, path string, content []byte, attributes module.Attributes) error {
	return doOnly(ctx, h, "write", path, func() error {
		s, err := stage(path, bytes.NewReader(content), attributes)
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
	real, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		if info, lstatErr := os.Lstat(path); lstatErr == nil && info.Mode()&fs.ModeSymlink != 0 {
			return "", nil, err // a link that leads nowhere
		}
		return path, nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	old, err := describe(os.Stat(real))
	if err != nil {
		return "", nil, err
	}
	if !old.Mode.IsRegular() {
		return "", nil, &fs.PathError{Op: "write", Path: path, Err: errors.New("it is no regular file")}
	}
	return real, &old, nil
}

// fill gives the new file all that it has to have before it is seen. The owner comes first: a change of it takes setuid bits.
func fill(file *os.File, content io.Reader, old *module.Info, attributes module.Attributes) error {
	if _, err := io.Copy(file, content); err != nil {
		return err
	}
	mode, uid, gid := fs.FileMode(0o644), -1, -1
	if old != nil {
		mode = old.Mode & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky)
		if old.UID != os.Geteuid() {
			uid = old.UID
		}
		if old.GID != os.Getegid() {
			gid = old.GID
		}
	}
	if attributes.Mode != nil {
		mode = *attributes.Mode
	}
	if attributes.UID != nil {
		uid = *attributes.UID
	}
	if attributes.GID != nil {
		gid = *attributes.GID
	}
	if uid >= 0 || gid >= 0 {
		if err := file.Chown(uid, gid); err != nil {
			return err
		}
	}
	return file.Chmod(mode)
}
