package overlay

import (
	"context"
	"io/fs"
	"strings"
	"syscall"

	"sloth-runner/sloth/module"
)

// tree is a directory of the run with all below it. Nothing is changed here, so that paths do for names.
type tree struct {
	files *Files
	// path has no links in it.
	path string
	// disk is where the directory is on the disk; "": nowhere.
	disk string
}

// OpenTree implements module.Files.
func (f *Files) OpenTree(ctx context.Context, path string) (module.Tree, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, err := f.find(ctx, path, follow)
	switch {
	case err != nil:
	case !p.node.isDir():
		err = syscall.ENOTDIR
	default:
		err = f.may(ctx, p.node, toRead)
	}
	if err != nil {
		return nil, failed("open", path, err)
	}
	return &tree{f, p.path, p.node.disk}, nil
}

func (t *tree) at(name string) string {
	if name == "." {
		return t.path
	}
	return strings.TrimSuffix(t.path, "/") + "/" + name
}

// Entries implements module.Tree.
func (t *tree) Entries(ctx context.Context, name string) ([]module.Entry, error) {
	names, err := t.files.List(ctx, t.at(name))
	if err != nil {
		return nil, err
	}
	entries := make([]module.Entry, len(names))
	for i, entry := range names {
		entries[i].Name = entry
		if entries[i].Info, err = t.files.Lstat(ctx, t.at(name)+"/"+entry); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// Lstat implements module.Tree.
func (t *tree) Lstat(ctx context.Context, name string) (module.Info, error) {
	return t.files.Lstat(ctx, t.at(name))
}

// Chmod implements module.Tree.
func (t *tree) Chmod(ctx context.Context, name string, mode fs.FileMode) error {
	info, err := t.Lstat(ctx, name)
	if err == nil && info.Mode&fs.ModeSymlink != 0 {
		err = failed("chmod", t.at(name), syscall.EOPNOTSUPP)
	}
	if err != nil {
		return err
	}
	return t.files.Chmod(ctx, t.at(name), mode)
}

// Chown implements module.Tree.
func (t *tree) Chown(ctx context.Context, name string, uid, gid int) error {
	return t.files.Chown(ctx, t.at(name), uid, gid)
}

// Remove implements module.Tree.
func (t *tree) Remove(ctx context.Context, name string) error {
	return t.files.Remove(ctx, t.at(name))
}

// Mounts implements module.Tree.
func (t *tree) Mounts(ctx context.Context) ([]string, error) {
	if t.disk == "" {
		return nil, nil
	}
	disk, err := t.files.disk.OpenTree(ctx, t.disk)
	if err != nil {
		return nil, err
	}
	names, err := disk.Mounts(ctx)
	if closing := disk.Close(ctx); err == nil {
		err = closing
	}
	return names, err
}

// Close implements module.Tree.
func (t *tree) Close(context.Context) error { return nil }
