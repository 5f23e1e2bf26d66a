package release

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

// remove removes what a name below the directory itself is, with all below it. What is not there is no error. No link below the
// directory is followed: an account that may write there, and into the record, can't have something else be removed.
func (b base) remove(ctx module.Context, name string) error {
	tree, err := ctx.Host.OpenTree(ctx, string(b))
	if err != nil {
		return err
	}
	info, err := tree.Lstat(ctx, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = nil
	case err != nil:
	case info.Mode.IsDir():
		err = b.removeDir(ctx, tree, name)
	default:
		err = tree.Remove(ctx, name)
	}
	return errors.Join(err, tree.Close(ctx))
}

// removeDir removes a directory. Another file system that is mounted in it is an error, before anything is removed.
func (b base) removeDir(ctx module.Context, tree module.Tree, name string) error {
	mounts, err := tree.Mounts(ctx)
	if err != nil {
		return err
	}
	for _, mount := range mounts {
		if mount == name || strings.HasPrefix(mount, name+"/") {
			return fmt.Errorf("%s can't be removed: another file system is mounted at %s; unmount it", quote.Path(path.Join(string(b), name)),
				quote.Path(path.Join(string(b), mount)))
		}
	}
	return emptyAndRemove(ctx, tree, name)
}

func emptyAndRemove(ctx module.Context, tree module.Tree, name string) error {
	entries, err := tree.Entries(ctx, name)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		inside := path.Join(name, entry.Name)
		if entry.Mode.IsDir() {
			err = emptyAndRemove(ctx, tree, inside)
		} else {
			err = tree.Remove(ctx, inside)
		}
		if err != nil {
			return err
		}
	}
	return tree.Remove(ctx, name)
}
