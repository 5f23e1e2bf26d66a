package overlay

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"syscall"
	"time"

	"sloth-runner/sloth/module"
)

// permissions are the bits that chmod changes.
const permissions = fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky

func now() time.Time { return time.Now() }

// Mkdir implements module.Files.
func (f *Files) Mkdir(ctx context.Context, path string, mode fs.FileMode) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.fresh(ctx, path)
	if err == nil {
		f.enter(p.dir, p.name, f.make(p.dir, fs.ModeDir|mode&permissions))
		f.touch(p.dir).info.Links++
	}
	return failed("mkdir", path, err)
}

// fresh returns the place of a name that is to be made.
func (f *Files) fresh(ctx context.Context, path string) (place, error) {
	p, err := f.walk(ctx, path, entry)
	switch {
	case err != nil:
		return p, err
	case p.node != nil:
		return p, syscall.EEXIST
	}
	return p, f.mayEnter(ctx, p.dir)
}

// Symlink implements module.Files.
func (f *Files) Symlink(ctx context.Context, target, path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.symlink(ctx, target, path); err != nil {
		return linkError("symlink", target, path, err)
	}
	return nil
}

func (f *Files) symlink(ctx context.Context, target, path string) error {
	switch {
	case target == "":
		return syscall.ENOENT
	case len(target) >= maxPath:
		return syscall.ENAMETOOLONG
	}
	p, err := f.walk(ctx, path, entry)
	switch {
	case err != nil:
		return err
	case p.node != nil:
		return syscall.EEXIST
	case p.slash:
		return syscall.ENOENT
	}
	if err := f.mayEnter(ctx, p.dir); err != nil {
		return err
	}
	n := f.make(p.dir, fs.ModeSymlink|0o777)
	n.target, n.info.Size = target, int64(len(target))
	f.enter(p.dir, p.name, n)
	return nil
}

// Relink implements module.Files.
func (f *Files) Relink(ctx context.Context, target, path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.walk(ctx, path, entry)
	if err == nil && p.dir != nil && p.dir.disk != "" {
		if is, _ := f.disk.Fixed(ctx, p.dir.disk); is {
			return &fs.PathError{Op: "symlink", Path: p.dir.disk, Err: module.ErrImmutable}
		}
	}
	if err == nil && p.node != nil {
		if err = syscall.EEXIST; !p.node.isDir() {
			err = f.refused(ctx, p, f.remove(ctx, path))
		}
	}
	if err == nil {
		err = f.symlink(ctx, target, path)
	}
	if err != nil {
		return linkError("symlink", target, path, err)
	}
	return nil
}

// linkError is the error of an operation with two paths.
func linkError(op, from, to string, err error) error {
	if number, ok := err.(syscall.Errno); ok {
		return &os.LinkError{Op: op, Old: from, New: to, Err: number}
	}
	return err
}

// Remove implements module.Files.
func (f *Files) Remove(ctx context.Context, path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return failed("remove", path, f.remove(ctx, path))
}

func (f *Files) remove(ctx context.Context, path string) error {
	p, err := f.walk(ctx, path, entry)
	switch {
	case err != nil:
		return err
	case p.dir == nil:
		return special[p.name]
	case p.node == nil:
		return f.missing(ctx, p)
	case p.slash && !p.node.isDir():
		return syscall.ENOTDIR
	}
	if err := f.mayTake(ctx, p.dir, p.node); err != nil {
		return err
	}
	if is, err := f.mounted(ctx, p); is || err != nil {
		return busy(err)
	}
	if p.node.isDir() {
		if err := f.vacant(ctx, p.node); err != nil {
			return err
		}
	}
	f.take(p)
	return nil
}

// mounted reports whether what a name stands for is mounted there.
func (f *Files) mounted(ctx context.Context, p place) (bool, error) {
	if p.node.info.Device != p.dir.info.Device || p.node.disk == "" || p.dir.disk == "" {
		return p.node.info.Device != p.dir.info.Device, nil
	}
	// Of what is bound to another name of its own file system, only the table of mounts tells.
	tree, err := f.disk.OpenTree(ctx, p.dir.disk)
	if errors.Is(err, fs.ErrPermission) {
		return false, nil
	}
	if err != nil {
		return false, cause(err)
	}
	names, err := tree.Mounts(ctx)
	if closing := tree.Close(ctx); err == nil {
		err = closing
	}
	return slices.Contains(names, p.name), cause(err)
}

// busy is the error of a mount point, unless it could not be found out.
func busy(err error) error {
	if err != nil {
		return err
	}
	return syscall.EBUSY
}

// special are the errors of removing what is no name.
var special = map[string]error{"/": syscall.EBUSY, ".": syscall.EINVAL, "..": syscall.ENOTEMPTY}

// vacant returns the error of removing a directory that has something in it.
func (f *Files) vacant(ctx context.Context, dir *node) error {
	names, err := f.names(ctx, dir)
	switch {
	case err == syscall.EACCES:
		return f.foretell("would remove " + dir.disk)
	case err == nil && len(names) > 0:
		return syscall.ENOTEMPTY
	}
	return err
}

// take takes a name away from what it stands for.
func (f *Files) take(p place) {
	n := f.touch(p.node)
	if n.info.Links--; n.info.Links == 0 {
		f.drop(n.content)
	}
	if n.isDir() {
		f.touch(p.dir).info.Links--
	}
	f.enter(p.dir, p.name, nil)
}

// Chmod implements module.Files.
func (f *Files) Chmod(ctx context.Context, path string, mode fs.FileMode) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.find(ctx, path, follow)
	if err == nil {
		err = f.chmod(ctx, p.node, mode)
	}
	return failed("chmod", path, err)
}

func (f *Files) chmod(ctx context.Context, n *node, mode fs.FileMode) error {
	if err := f.fixed(ctx, n); err != nil {
		return err
	}
	if !f.owns(n) {
		return syscall.EPERM
	}
	if f.self.UID != 0 && !f.inGroup(n.info.GID) {
		mode &^= fs.ModeSetgid
	}
	n = f.touch(n)
	n.own, n.info.Mode = true, n.info.Mode.Type()|mode&permissions
	return nil
}

// Chown implements module.Files.
func (f *Files) Chown(ctx context.Context, path string, uid, gid int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.find(ctx, path, stay)
	if err == nil {
		err = f.chown(ctx, p.node, uid, gid)
	}
	return failed("lchown", path, err)
}

func (f *Files) chown(ctx context.Context, n *node, uid, gid int) error {
	if err := f.fixed(ctx, n); err != nil {
		return err
	}
	if !f.mayChown(n, uid, gid) {
		return syscall.EPERM
	}
	n = f.touch(n)
	n.own = true
	if uid >= 0 {
		n.info.UID = uid
	}
	if gid >= 0 {
		n.info.GID = gid
	}
	n.info.Mode = unprivileged(n.info.Mode)
	return nil
}

// mayChown reports whether the account may give a file away so: only root gives it to another user, and others to their own groups.
func (f *Files) mayChown(n *node, uid, gid int) bool {
	if f.self.UID == 0 || uid < 0 && gid < 0 {
		return true
	}
	return f.owns(n) && (uid < 0 || uid == n.info.UID) && (gid < 0 || gid == n.info.GID || f.inGroup(gid))
}
