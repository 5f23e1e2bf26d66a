package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/quote"
)

func absentFunction() module.Function {
	return module.Function{
		Name: "absent",
		Doc: "Removes what is at a path: a file, a directory with all below it, or a link, but never what a link leads to. " +
			"The root, a mount point, the home of the account and what any of these is in are refused, and nothing is removed then.",
		Example: `local dir = os.tmpname() .. ".d"
file.dir(dir .. "/a/b", { parents = true })
local gone = file.absent(dir)
return gone.changed and not file.exists(dir), "removed"`,
		Run: module.Run(makeAbsent),
	}
}

type absentOptions struct {
	Path string `lua:"path,arg" help:"what is to be absent"`
}

func makeAbsent(ctx module.Context, o absentOptions) (outcome, error) {
	done, err := removeAt(ctx, o.Path)
	return done, explainAs("remove", o.Path, err)
}

func removeAt(ctx module.Context, path string) (outcome, error) {
	path, err := expand(ctx, path)
	if err != nil {
		return outcome{}, err
	}
	path = trimSlash(path)
	info, err := look(ctx, path)
	if isNotThere(err) || err == nil && info == nil {
		return outcome{}, nil
	}
	if err != nil {
		return outcome{}, err
	}
	before, err := describe(ctx, path, info)
	if err != nil {
		return outcome{}, err
	}
	if err := remove(ctx, path, *info); err != nil {
		return outcome{}, err
	}
	ctx.Changed(module.Change{What: path, Before: before, After: absent})
	return outcome{Changed: true, Before: before, After: absent}, nil
}

// guard returns the error of removing a directory that is never removed: the root, a mount point, the home of the account, or what
// any of these is in. Directories are compared by what they are, so that no other way of writing a path leads around it.
func guard(ctx module.Context, path string, info module.Info, tree module.Tree) error {
	refuse := func(why string) error {
		return &explained{text: fmt.Sprintf("cannot remove %s: %s", quote.Path(path), why)}
	}
	root, err := ctx.Host.Stat(ctx, "/")
	if err != nil {
		return err
	}
	if sameFile(root, info) {
		return refuse("it is the root of all files")
	}
	for _, home := range homes(ctx) {
		if inside, err := holds(ctx, info, root, home); err != nil || inside {
			return errors.Join(err, refuse(fmt.Sprintf("it is the home of the account, %s, or has it in it", quote.Path(home))))
		}
	}
	mounts, err := tree.Mounts(ctx)
	if err != nil {
		return err
	}
	if slices.Contains(mounts, ".") {
		return refuse("it is a mount point; unmount it first, or remove what is in it by name")
	}
	if len(mounts) > 0 {
		return refuse(mountedBelow(path + "/" + slices.Min(mounts)))
	}
	return nil
}

func mountedBelow(path string) string {
	return fmt.Sprintf("another file system is mounted below it, at %s; unmount it first", quote.Path(path))
}

func sameFile(a, b module.Info) bool { return a.Device == b.Device && a.Inode == b.Inode }

// homes are the home directories of the account: what the system says, and what the environment does.
func homes(ctx module.Context) []string {
	var found []string
	if home, _ := ctx.Host.Getenv("HOME"); strings.HasPrefix(home, "/") {
		found = append(found, home)
	}
	if home, err := ctx.Host.Home(ctx); err == nil && strings.HasPrefix(home, "/") && !slices.Contains(found, home) {
		found = append(found, home)
	}
	return found
}

// holds reports whether a directory is the home, or above it. A home that is not there is in nothing; the root is no home.
func holds(ctx module.Context, info, root module.Info, home string) (bool, error) {
	const deepest = 200
	for range deepest {
		above, err := ctx.Host.Stat(ctx, home)
		if errors.Is(err, fs.ErrNotExist) || err == nil && sameFile(above, root) {
			return false, nil
		}
		if errors.Is(err, fs.ErrPermission) && !errors.Is(err, context.Canceled) {
			return false, nil // what can't be looked at can't be removed either
		}
		if err != nil || sameFile(above, info) {
			return err == nil, err
		}
		home += "/.."
	}
	return false, nil
}
