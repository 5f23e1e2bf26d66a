package file

import (
	"errors"
	"fmt"
	"io/fs"
	"sloth-runner/sloth/modules/file/chmod"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

// newDirectory is the mode of a directory where none is said.
const newDirectory = fs.ModeDir | 0o755

// setAttributes gives what is at a path, which is no link, its mode and owner, and reports it.
func setAttributes(ctx module.Context, path string, info module.Info, mode fs.FileMode, owner owner) (outcome, error) {
	if mode == info.Mode && owner.fits(info) {
		return outcome{}, nil
	}
	before, err := describe(ctx, path, &info)
	if err != nil {
		return outcome{}, err
	}
	if err := changeAttributes(ctx, path, info, mode, owner); err != nil {
		return outcome{}, err
	}
	after, err := now(ctx, path)
	if err != nil {
		return outcome{}, err
	}
	ctx.Changed(module.Change{What: path, Before: before, After: after})
	return outcome{Changed: true, Before: before, After: after}, nil
}

// changeAttributes changes mode and owner of what info describes, and of nothing that took its place meanwhile.
func changeAttributes(ctx module.Context, path string, info module.Info, mode fs.FileMode, owner owner) error {
	open := openParent
	if info.Mode.IsDir() {
		open = func(ctx module.Context, path string) (module.Tree, string, error) {
			tree, err := ctx.Host.OpenTree(ctx, path)
			return tree, ".", err
		}
	}
	tree, base, err := open(ctx, path)
	if err != nil {
		return err
	}
	opened, err := tree.Lstat(ctx, base)
	if err == nil && !sameFile(opened, info) {
		err = &explained{text: fmt.Sprintf("%s became something else meanwhile", quote.Path(path))}
	}
	if err == nil {
		err = give(ctx, tree, base, info, mode, owner)
	}
	return errors.Join(err, tree.Close(ctx))
}

// give changes what differs. The owner comes first: a change of it takes setuid bits.
func give(ctx module.Context, tree module.Tree, name string, info module.Info, mode fs.FileMode, owner owner) error {
	fits := owner.fits(info)
	if !fits {
		if err := tree.Chown(ctx, name, owner.uid, owner.gid); err != nil {
			return err
		}
	}
	if info.Mode&fs.ModeSymlink != 0 || fits && mode == info.Mode {
		return nil
	}
	return tree.Chmod(ctx, name, mode&chmod.Permissions)
}

// chown changes the owner of what is at a path itself, where one is wanted.
func chown(ctx module.Context, path string, owner owner) error {
	if owner.uid < 0 && owner.gid < 0 {
		return nil
	}
	tree, base, err := openParent(ctx, path)
	if err != nil {
		return err
	}
	return errors.Join(tree.Chown(ctx, base, owner.uid, owner.gid), tree.Close(ctx))
}
