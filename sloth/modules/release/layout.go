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

// base is the directory of all versions.
type base string

// open reads a directory as it was given.
func open(ctx module.Context, dir string) (base, error) {
	if home, _ := ctx.Host.Getenv("HOME"); home != "" && strings.HasPrefix(dir, "~/") {
		dir = home + dir[1:]
	}
	if !path.IsAbs(dir) || strings.ContainsRune(dir, 0) {
		return "", fmt.Errorf("%s: the dir %s must be an absolute path, or begin with ~/", ctx.Function, quote.Path(dir))
	}
	return base(path.Clean(dir)), nil
}

func (b base) releases() string           { return path.Join(string(b), "releases") }
func (b base) version(name string) string { return path.Join(b.releases(), name) }
func (b base) current() string            { return path.Join(string(b), "current") }
func (b base) shared(name string) string  { return path.Join(string(b), "shared", name) }
func (b base) record() string             { return path.Join(string(b), ".releases.json") }

// target is a version below the directory, as the link has it.
func (b base) target(name string) string { return "releases/" + name }
func (b base) failed(err error) error {
	return fmt.Errorf("release in %s: %w", quote.Path(string(b)), err)
}

const nameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+@:~-"

// checkName reports a name that no version has.
func checkName(name string) error {
	const longest = 128
	if name == "" || len(name) > longest || name[0] == '.' || strings.Trim(name, nameCharacters) != "" {
		return fmt.Errorf("the name %s must have letters, digits and . _ + @ : ~ - only, no dot in front, and at most %d bytes", quote.Text(name), longest)
	}
	return nil
}

// used returns the name of the version that the link current leads to; "" where there is none.
func (b base) used(ctx module.Context) (string, error) {
	info, err := ctx.Host.Lstat(ctx, b.current())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", b.failed(err)
	case info.Mode&fs.ModeSymlink == 0:
		return "", b.failed(fmt.Errorf("%s is there, and no link to a version; move it away", quote.Path(b.current())))
	}
	target, err := ctx.Host.Readlink(ctx, b.current())
	if err != nil {
		return "", b.failed(err)
	}
	name, found := strings.CutPrefix(strings.TrimPrefix(target, string(b)+"/"), "releases/")
	name = strings.TrimSuffix(name, "/")
	if !found || checkName(name) != nil {
		return "", b.failed(fmt.Errorf("the link %s leads to %s, which is no version below %s; remove the link", quote.Path(b.current()), quote.Path(target),
			quote.Path(b.releases())))
	}
	return name, nil
}

// use makes current a link to a version.
func (b base) use(ctx module.Context, name string) error {
	if err := ctx.Host.Relink(ctx, b.target(name), b.current()); err != nil {
		return b.failed(err)
	}
	return nil
}

// isDir reports whether a path itself is a directory. Something else is an error.
func isDir(ctx module.Context, name string) (bool, error) {
	info, err := ctx.Host.Lstat(ctx, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode.IsDir():
		return false, fmt.Errorf("%s is there, and is no directory", quote.Text(name))
	}
	return true, nil
}

// makeDirs makes a directory and those above it, as far as they are missing, and reports each.
func makeDirs(ctx module.Context, dir string) error {
	if info, err := ctx.Host.Stat(ctx, dir); err == nil && info.Mode.IsDir() {
		return nil
	} else if err == nil {
		return fmt.Errorf("%s is there, and is no directory", quote.Path(dir))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := makeDirs(ctx, path.Dir(dir)); err != nil {
		return err
	}
	if err := ctx.Host.Mkdir(ctx, dir, 0o755); err != nil {
		return err
	}
	ctx.Changed(module.Change{What: dir, Before: "absent", After: "directory"})
	return nil
}
