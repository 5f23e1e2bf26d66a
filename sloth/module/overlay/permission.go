package overlay

import (
	"context"
	"io/fs"
	"runtime"
	"slices"
	"syscall"

	"sloth-runner/sloth/module"
)

// Ways to use a file, as access(2) has them.
const (
	toRead   uint32 = 4
	toWrite  uint32 = 2
	toSearch uint32 = 1
)

// may returns the error of using the file so.
func (f *Files) may(ctx context.Context, n *node, want uint32) error {
	if !n.own {
		return cause(f.disk.Access(ctx, n.disk, want))
	}
	if f.allowed(n.info, want) {
		return nil
	}
	return syscall.EACCES
}

// allowed reports whether mode and owner let the account use a file so.
func (f *Files) allowed(info module.Info, want uint32) bool {
	if f.self.UID == 0 {
		return true
	}
	bits := uint32(info.Mode.Perm())
	switch {
	case info.UID == f.self.UID:
		bits >>= 6
	case f.inGroup(info.GID):
		bits >>= 3
	}
	return bits&want == want
}

func (f *Files) inGroup(gid int) bool {
	return gid == f.self.GID || slices.Contains(f.self.Groups, gid)
}

// owns reports whether the account may change mode and times of a file.
func (f *Files) owns(n *node) bool { return f.self.UID == 0 || f.self.UID == n.info.UID }

// mayEnter returns the error of making or changing names in a directory.
func (f *Files) mayEnter(ctx context.Context, dir *node) error {
	return f.may(ctx, dir, toWrite|toSearch)
}

// mayTake returns the error of taking a name away.
func (f *Files) mayTake(ctx context.Context, dir, n *node) error {
	if err := f.mayEnter(ctx, dir); err != nil {
		return err
	}
	if dir.info.Mode&fs.ModeSticky != 0 && !f.owns(n) && !f.owns(dir) {
		return syscall.EPERM
	}
	if err := f.fixed(ctx, dir); err != nil || n.info.Device != dir.info.Device {
		return err // what another file system is like does not count for its mount point
	}
	return f.fixed(ctx, n)
}

// missing is the error of taking a name away that is not there.
func (f *Files) missing(ctx context.Context, p place) error {
	if p.dir != nil && !p.dir.own && f.may(ctx, p.dir, toWrite) == syscall.EROFS {
		return syscall.EROFS // the system looks at that first
	}
	return syscall.ENOENT
}

// fixed returns the error of changing anything of a file that is immutable, or on a file system that is read-only.
func (f *Files) fixed(ctx context.Context, n *node) error {
	if n.disk == "" || !n.isDir() && !n.info.Mode.IsRegular() {
		return nil
	}
	switch err := cause(f.disk.Access(ctx, n.disk, toWrite)); err {
	case nil, syscall.EACCES, syscall.ETXTBSY:
	default:
		return err
	}
	is, err := f.disk.Fixed(ctx, n.disk)
	if is {
		return syscall.EPERM
	}
	return err
}

// groupIn is the group of what the account makes in a directory.
func (f *Files) groupIn(dir *node) int {
	if runtime.GOOS != "linux" || dir.info.Mode&fs.ModeSetgid != 0 {
		return dir.info.GID
	}
	return f.self.GID
}

// unprivileged is the mode of a file whose content or owner another than its owner may have changed: as the system does, it loses
// the rights of its owner and group.
func unprivileged(mode fs.FileMode) fs.FileMode {
	if !mode.IsRegular() {
		return mode
	}
	mode &^= fs.ModeSetuid
	if mode&0o010 != 0 {
		mode &^= fs.ModeSetgid
	}
	return mode
}
