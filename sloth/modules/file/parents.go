package file

import (
	"errors"
	"io/fs"
	"path"

	"sloth-runner/sloth/module"
)

// makeParents makes the missing directories above a path, and reports each.
func makeParents(ctx module.Context, name string, owner owner) error {
	dir := path.Dir(name)
	if _, err := ctx.Host.Stat(ctx, dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := makeParents(ctx, dir, owner); err != nil {
		return err
	}
	_, err := makeDir(ctx, dir, absent, newDirectory&permissions, owner)
	return err
}

// makeDir makes a directory, and reports it. before is what was there.
func makeDir(ctx module.Context, dir, before string, mode fs.FileMode, owner owner) (after string, err error) {
	if err := ctx.Host.Mkdir(ctx, dir, mode); err != nil {
		return "", explain(dir, err)
	}
	if err := chown(ctx, dir, owner); err != nil {
		return "", explain(dir, err)
	}
	after, err = now(ctx, dir)
	if err == nil {
		ctx.Changed(module.Change{What: dir, Before: before, After: after})
	}
	return after, err
}
