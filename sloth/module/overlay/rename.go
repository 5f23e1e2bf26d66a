package overlay

import (
	"context"
	"syscall"
)

// Rename implements module.Files.
func (f *Files) Rename(ctx context.Context, from, to string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.renamable(ctx, from, to)
	if err == nil {
		err = f.rename(ctx, from, to)
	}
	if err != nil {
		return linkError("rename", from, to, err)
	}
	return nil
}

// renamable is what os.Rename looks at first: it replaces no directory.
func (f *Files) renamable(ctx context.Context, from, to string) error {
	target, err := f.find(ctx, to, stay)
	if err != nil || !target.node.isDir() {
		return passing(err)
	}
	source, err := f.find(ctx, from, stay)
	if err != nil {
		return err
	}
	if from == to || !same(source.node, target.node) {
		return syscall.EEXIST
	}
	return nil
}

// passing is an error of looking that the call itself meets again, unless it is none of the system's.
func passing(err error) error {
	if _, system := err.(syscall.Errno); system {
		return nil
	}
	return err
}

func same(a, b *node) bool {
	return a.info.Device == b.info.Device && a.info.Inode == b.info.Inode
}

func (f *Files) rename(ctx context.Context, from, to string) error {
	source, err := f.walk(ctx, from, entry)
	if err != nil {
		return err
	}
	target, err := f.walk(ctx, to, entry)
	switch {
	case err != nil:
		return err
	case source.dir == nil || target.dir == nil:
		return syscall.EBUSY
	case source.dir.info.Device != target.dir.info.Device:
		return syscall.EXDEV
	case source.node == nil:
		return f.missing(ctx, source)
	case !source.node.isDir() && (source.slash || target.slash):
		return syscall.ENOTDIR
	case source.node.isDir() && below(target.path, source.path):
		return syscall.EINVAL
	case target.node != nil && below(source.path, target.path):
		return syscall.ENOTEMPTY
	case target.node != nil && same(source.node, target.node):
		return nil
	}
	if err := f.mayMove(ctx, source, target); err != nil {
		return err
	}
	f.move(source, target)
	return nil
}

// below reports whether a path is below another one. Neither has links in it.
func below(path, above string) bool {
	return len(path) > len(above) && path[:len(above)] == above && path[len(above)] == '/'
}

// mayMove returns the error of giving source's name up for target's.
func (f *Files) mayMove(ctx context.Context, source, target place) error {
	if err := f.mayTake(ctx, source.dir, source.node); err != nil {
		return err
	}
	if target.node == nil {
		if err := f.mayEnter(ctx, target.dir); err != nil {
			return err
		}
	} else if err := f.mayReplace(ctx, source, target); err != nil {
		return err
	}
	if source.node.isDir() && !same(source.dir, target.dir) {
		// Its ".." becomes another one.
		if err := f.may(ctx, source.node, toWrite); err != nil {
			return err
		}
	}
	if is, err := f.mounted(ctx, source); is || err != nil {
		return busy(err)
	}
	return nil
}

func (f *Files) mayReplace(ctx context.Context, source, target place) error {
	if err := f.mayTake(ctx, target.dir, target.node); err != nil {
		return err
	}
	switch {
	case source.node.isDir() && !target.node.isDir():
		return syscall.ENOTDIR
	case !source.node.isDir() && target.node.isDir():
		return syscall.EISDIR
	}
	if is, err := f.mounted(ctx, target); is || err != nil {
		return busy(err)
	}
	return nil
}

// move gives the node of source the name of target.
func (f *Files) move(source, target place) {
	if target.node != nil {
		f.take(target)
	}
	n := f.touch(source.node)
	f.enter(source.dir, source.name, nil)
	f.enter(target.dir, target.name, n)
	if n.isDir() {
		f.touch(source.dir).info.Links--
		f.touch(target.dir).info.Links++
	}
}
