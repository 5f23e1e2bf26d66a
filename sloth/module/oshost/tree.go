package oshost

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"sloth-runner/internal/abandon"
	"sloth-runner/sloth/module"
)

// tree is an open directory. Each call goes down from it, one directory after the other.
type tree struct {
	host Host
	root *os.File
}

// OpenTree implements module.Files.
func (h Host) OpenTree(ctx context.Context, path string) (module.Tree, error) {
	root, err := abandon.Do(ctx, h.Caller, abandon.Work[*os.File]{
		Call: abandon.Call{Name: module.CallName(ctx, "open"), Path: path},
		Do:   func() (*os.File, error) { return os.OpenFile(path, searching|unix.O_DIRECTORY, 0) },
		Release: func(root *os.File, err error) {
			if err == nil {
				_ = root.Close()
			}
		},
	})
	if err != nil {
		return nil, err
	}
	return &tree{h, root}, nil
}

// path is a name of the tree for messages.
func (t *tree) path(name string) string {
	if name == "." {
		return t.root.Name()
	}
	return strings.TrimSuffix(t.root.Name(), "/") + "/" + name
}

// within makes a call with the directory that a name is in, and the last part of the name.
func within[T any](ctx context.Context, t *tree, op, name string, call func(dir int, base string) (T, error)) (T, error) {
	return do(ctx, t.host, op, t.path(name), func() (T, error) {
		var none T
		result, err := none, fs.ErrInvalid
		if isBelow(name) {
			dir, base, openErr := t.descend(name)
			if err = openErr; err == nil {
				result, err = call(int(dir.Fd()), base)
				if dir != t.root {
					_ = dir.Close()
				}
			}
		}
		if err != nil {
			return none, refused(t.path(name), &fs.PathError{Op: op, Path: t.path(name), Err: plainError(err)})
		}
		return result, nil
	})
}

// isBelow reports whether a name leads into the tree. Names may be any bytes, unlike those of package fs.
func isBelow(name string) bool {
	if name == "." {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." || strings.ContainsRune(part, 0) {
			return false
		}
	}
	return true
}

func plainError(err error) error {
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		return inner.Err
	}
	return err
}

// descend opens the directory that a name is in.
func (t *tree) descend(name string) (dir *os.File, base string, err error) {
	dir = t.root
	for {
		first, rest, more := strings.Cut(name, "/")
		if !more {
			return dir, name, nil
		}
		next, err := openDir(dir, first)
		if dir != t.root {
			_ = dir.Close()
		}
		if err != nil {
			return nil, "", err
		}
		dir, name = next, rest
	}
}

// openDir opens a directory in another one. A link is none.
func openDir(dir *os.File, name string) (*os.File, error) {
	for {
		fd, err := unix.Openat(int(dir.Fd()), name, searching|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		return os.NewFile(uintptr(fd), name), nil
	}
}

// Lstat implements module.Tree.
func (t *tree) Lstat(ctx context.Context, name string) (module.Info, error) {
	return within(ctx, t, "lstat", name, lstatAt)
}

func lstatAt(dir int, name string) (module.Info, error) {
	var stat unix.Stat_t
	if err := again(func() error { return unix.Fstatat(dir, name, &stat, unix.AT_SYMLINK_NOFOLLOW) }); err != nil {
		return module.Info{}, err
	}
	return infoOf(&stat), nil
}

// again repeats a call that a signal interrupted.
func again(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

// Entries implements module.Tree.
func (t *tree) Entries(ctx context.Context, name string) ([]module.Entry, error) {
	return within(ctx, t, "list", name, func(dir int, base string) ([]module.Entry, error) {
		fd := -1
		err := again(func() (err error) {
			fd, err = unix.Openat(dir, base, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
			return err
		})
		if err != nil {
			return nil, err
		}
		opened := os.NewFile(uintptr(fd), name)
		entries, err := entriesOf(opened)
		return entries, errors.Join(err, opened.Close())
	})
}

func entriesOf(dir *os.File) ([]module.Entry, error) {
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	entries := make([]module.Entry, 0, len(names))
	for _, name := range names {
		info, err := lstatAt(int(dir.Fd()), name)
		if err == unix.ENOENT {
			continue
		}
		if err != nil {
			return nil, err
		}
		entries = append(entries, module.Entry{Name: name, Info: info})
	}
	return entries, nil
}

// Chmod implements module.Tree.
func (t *tree) Chmod(ctx context.Context, name string, mode fs.FileMode) error {
	_, err := within(ctx, t, "chmod", name, func(dir int, base string) (struct{}, error) {
		return struct{}{}, again(func() error { return chmodAt(dir, base, systemMode(mode)) })
	})
	return err
}

// Chown implements module.Tree.
func (t *tree) Chown(ctx context.Context, name string, uid, gid int) error {
	_, err := within(ctx, t, "chown", name, func(dir int, base string) (struct{}, error) {
		return struct{}{}, again(func() error { return unix.Fchownat(dir, base, uid, gid, unix.AT_SYMLINK_NOFOLLOW) })
	})
	return err
}

// Remove implements module.Tree.
func (t *tree) Remove(ctx context.Context, name string) error {
	_, err := within(ctx, t, "remove", name, func(dir int, base string) (struct{}, error) {
		err := again(func() error { return unix.Unlinkat(dir, base, 0) })
		if err == unix.EISDIR || err == unix.EPERM { // Linux says the one of a directory, others the other
			if dirErr := again(func() error { return unix.Unlinkat(dir, base, unix.AT_REMOVEDIR) }); dirErr != unix.ENOTDIR {
				err = dirErr
			}
		}
		return struct{}{}, err
	})
	return err
}

// Close implements module.Tree.
func (t *tree) Close(ctx context.Context) error {
	return doOnly(ctx, t.host, "close", t.root.Name(), t.root.Close)
}
