package file

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"syscall"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

// remove removes what is at a path itself: a directory with all below it, and never what a link leads to.
func remove(ctx module.Context, name string, info module.Info) error {
	parent, base, err := openParent(ctx, name)
	if err != nil {
		return err
	}
	if info.Mode.IsDir() {
		if err = removeBelow(ctx, name, info); err != nil {
			return errors.Join(err, parent.Close(ctx))
		}
	}
	err = parent.Remove(ctx, base)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, parent.Close(ctx))
}

// openParent opens the directory that a path is in.
func openParent(ctx module.Context, name string) (parent module.Tree, base string, err error) {
	dir, base := path.Split(name)
	if dir == "" {
		dir = "."
	}
	if base == "" || base == "." || base == ".." {
		return nil, "", &explained{text: fmt.Sprintf("%s ends with no name: write the path of the thing itself", quote.Path(name))}
	}
	parent, err = ctx.Host.OpenTree(ctx, dir)
	return parent, base, err
}

// removeBelow removes all below a directory. Nothing is removed where a part may not be.
func removeBelow(ctx module.Context, name string, info module.Info) error {
	tree, err := ctx.Host.OpenTree(ctx, name)
	if err != nil {
		return err
	}
	opened, err := tree.Lstat(ctx, ".")
	if err == nil && !sameFile(opened, info) {
		err = &explained{text: fmt.Sprintf("cannot remove %s: it became something else meanwhile", quote.Path(name))}
	}
	if err == nil {
		err = guard(ctx, name, info, tree)
	}
	r := remover{tree: tree, path: name, device: info.Device}
	if err == nil {
		err = r.walk(ctx, ".", false)
	}
	if err == nil {
		err = r.walk(ctx, ".", true)
	}
	return errors.Join(err, tree.Close(ctx))
}

// remover goes down a tree.
type remover struct {
	tree   module.Tree
	path   string
	device uint64
}

// walk goes through a directory, and what is below it first. With removing not set it only looks whether all may be removed.
func (r *remover) walk(ctx module.Context, name string, removing bool) error {
	const rounds = 3 // for what is made while this goes on
	for range rounds {
		if err := r.once(ctx, name, removing); err != nil {
			return err
		}
		if !removing || name == "." {
			return nil
		}
		err := r.tree.Remove(ctx, name)
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if !errors.Is(err, syscall.ENOTEMPTY) && !errors.Is(err, syscall.EEXIST) {
			return err
		}
	}
	return &explained{text: fmt.Sprintf("cannot remove %s: something makes new files in it all the time", quote.Path(r.path+"/"+name))}
}

func (r *remover) once(ctx module.Context, name string, removing bool) error {
	entries, err := r.tree.Entries(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		below := strings.TrimPrefix(name+"/"+e.Name, "./")
		if e.Device != r.device && e.Mode.IsDir() {
			return &explained{text: fmt.Sprintf("cannot remove %s: %s", quote.Path(r.path), mountedBelow(r.path+"/"+below))}
		}
		switch {
		case e.Mode.IsDir():
			err = r.walk(ctx, below, removing)
		case removing:
			err = r.tree.Remove(ctx, below)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
