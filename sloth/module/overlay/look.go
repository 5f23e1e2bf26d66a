package overlay

import (
	"context"
	"errors"
	"slices"
	"syscall"

	"sloth-runner/sloth/module"
)

// Stat implements module.Files.
func (f *Files) Stat(ctx context.Context, path string) (module.Info, error) {
	return f.stat(ctx, "stat", path, follow)
}

// Lstat implements module.Files.
func (f *Files) Lstat(ctx context.Context, path string) (module.Info, error) {
	return f.stat(ctx, "lstat", path, stay)
}

func (f *Files) stat(ctx context.Context, op, path string, end ending) (module.Info, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.find(ctx, path, end)
	if err != nil {
		return module.Info{}, failed(op, path, err)
	}
	return p.node.info, nil
}

// Readlink implements module.Files.
func (f *Files) Readlink(ctx context.Context, path string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	target, err := "", error(nil)
	p, err := f.find(ctx, path, stay)
	switch {
	case err != nil:
	case !p.node.isLink():
		err = syscall.EINVAL
	default:
		target, err = f.targetOf(ctx, p.node)
	}
	return target, failed("readlink", path, err)
}

// Executable implements module.Files.
func (f *Files) Executable(ctx context.Context, path string) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.find(ctx, path, follow)
	if _, undone := errors.AsType[module.NotDone](err); undone {
		return false, err
	}
	// Root may do all, but it runs no file that nobody may run.
	if err != nil || !p.node.info.Mode.IsRegular() || p.node.info.Mode&0o111 == 0 {
		return false, nil
	}
	return f.may(ctx, p.node, toSearch) == nil, nil
}

// List implements module.Files.
func (f *Files) List(ctx context.Context, path string) ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.find(ctx, path, follow)
	if err == nil && (p.node.own || !p.node.isDir()) {
		err = f.may(ctx, p.node, toRead)
	}
	if err == nil && !p.node.isDir() {
		return nil, failed("readdirent", path, syscall.ENOTDIR)
	}
	var names []string
	if err == nil {
		names, err = f.names(ctx, p.node)
	}
	return names, failed("open", path, err)
}

// names are those in a directory, sorted.
func (f *Files) names(ctx context.Context, dir *node) ([]string, error) {
	var names []string
	if dir.disk != "" {
		var err error
		if names, err = f.disk.List(ctx, dir.disk); err != nil {
			if err = cause(err); err == syscall.EACCES && dir.own {
				err = f.foretell("would change the mode or owner of " + dir.disk)
			}
			return nil, err
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { _, changed := dir.entries[name]; return changed })
	for name, n := range dir.entries {
		if n != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}
