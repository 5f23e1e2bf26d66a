package oshost

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"

	"sloth-runner/internal/atomicfile"
	"sloth-runner/sloth/module"
)

// Stat implements module.Files.
func (h Host) Stat(ctx context.Context, path string) (module.Info, error) {
	return do(ctx, h, "stat", path, func() (module.Info, error) { return describe(os.Stat(path)) })
}

// Lstat implements module.Files.
func (h Host) Lstat(ctx context.Context, path string) (module.Info, error) {
	return do(ctx, h, "lstat", path, func() (module.Info, error) { return describe(os.Lstat(path)) })
}

func describe(info fs.FileInfo, err error) (module.Info, error) {
	if err != nil {
		return module.Info{}, err
	}
	result := module.Info{Mode: info.Mode(), Size: info.Size(), UID: -1, GID: -1, Modified: info.ModTime()}
	if system, ok := info.Sys().(*syscall.Stat_t); ok {
		result.UID, result.GID = int(system.Uid), int(system.Gid)
		result.Links, result.Device, result.Inode = uint64(system.Nlink), uint64(system.Dev), system.Ino
	}
	return result, nil
}

// Mkdir makes a directory of exactly that mode, whatever the umask is.
func (h Host) Mkdir(ctx context.Context, path string, mode fs.FileMode) error {
	return doOnly(ctx, h, "mkdir", path, func() error {
		if err := os.Mkdir(path, mode); err != nil {
			return err
		}
		return os.Chmod(path, mode)
	})
}

// Symlink implements module.Files.
func (h Host) Symlink(ctx context.Context, target, path string) error {
	return doOnly(ctx, h, "symlink", path, func() error { return os.Symlink(target, path) })
}

// Readlink implements module.Files.
func (h Host) Readlink(ctx context.Context, path string) (string, error) {
	return do(ctx, h, "readlink", path, func() (string, error) { return os.Readlink(path) })
}

// Relink implements module.Files.
func (h Host) Relink(ctx context.Context, target, path string) error {
	return doOnly(ctx, h, "symlink", path, func() error {
		// A directory that is append-only takes the new link, and neither renames nor removes it.
		if dir := filepath.Dir(path); isFixed(dir) {
			return &fs.PathError{Op: "symlink", Path: dir, Err: module.ErrImmutable}
		}
		return refused(path, withoutTemporary(target, path, atomicfile.Symlink(target, path)))
	})
}

// withoutTemporary is the error of a link without the temporary name that it had.
func withoutTemporary(target, path string, err error) error {
	if of, ok := errors.AsType[*os.LinkError](err); ok {
		return &os.LinkError{Op: "symlink", Old: target, New: path, Err: of.Err}
	}
	return err
}

// Remove implements module.Files.
func (h Host) Remove(ctx context.Context, path string) error {
	return doOnly(ctx, h, "remove", path, func() error { return os.Remove(path) })
}

// Rename implements module.Files.
func (h Host) Rename(ctx context.Context, from, to string) error {
	return doOnly(ctx, h, "rename", from, func() error { return os.Rename(from, to) })
}

// Chmod implements module.Files.
func (h Host) Chmod(ctx context.Context, path string, mode fs.FileMode) error {
	return doOnly(ctx, h, "chmod", path, func() error { return os.Chmod(path, mode) })
}

// Chown implements module.Files.
func (h Host) Chown(ctx context.Context, path string, uid, gid int) error {
	return doOnly(ctx, h, "chown", path, func() error { return os.Lchown(path, uid, gid) })
}

// Executable implements module.Files. What can't be looked at is no program.
func (h Host) Executable(ctx context.Context, path string) (bool, error) {
	return do(ctx, h, "look for a program", path, func() (bool, error) {
		_, err := exec.LookPath(path) // a path with a slash is only looked at
		return err == nil, nil
	})
}

// List implements module.Files.
func (h Host) List(ctx context.Context, path string) ([]string, error) {
	return do(ctx, h, "list", path, func() ([]string, error) {
		directory, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		names, err := directory.Readdirnames(-1)
		slices.Sort(names)
		if closing := directory.Close(); err == nil {
			err = closing
		}
		return names, err
	})
}
