package file

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"syscall"

	"sloth-runner/sloth/module"
)

// expand is a path as the host has it: "~" is the home of the account, and NUL is in no path.
func expand(ctx module.Context, name string) (string, error) {
	switch {
	case name == "":
		return "", &explained{text: "the path is empty"}
	case strings.ContainsRune(name, 0):
		return "", &explained{text: "the path has a NUL byte in it"}
	}
	rest, ok := strings.CutPrefix(name, "~")
	if !ok {
		return name, nil
	}
	home := ""
	if found := homes(ctx); len(found) > 0 {
		home = found[0]
	}
	switch {
	case rest != "" && rest[0] != '/':
		return "", &explained{text: "the path begins with ~ and a name: write the directory, or ./~ for a name that begins with ~"}
	case home == "":
		return "", &explained{text: "the path begins with ~, and the account has no home: write the directory"}
	}
	return home + rest, nil
}

// look describes what a path itself is; nil: nothing is there.
func look(ctx module.Context, name string) (*module.Info, error) {
	info, err := ctx.Host.Lstat(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &info, nil
}

// follow returns the path that links at a path lead to, and what is there; nil: nothing.
func follow(ctx module.Context, name string) (string, *module.Info, error) {
	const most = 40 // as Linux has it
	for range most {
		info, err := look(ctx, name)
		if err != nil || info == nil || info.Mode&fs.ModeSymlink == 0 {
			return name, info, err
		}
		target, err := ctx.Host.Readlink(ctx, name)
		if err != nil {
			return "", nil, err
		}
		if !path.IsAbs(target) {
			// It is not cleaned: a directory on the way may be a link, and .. leads out of what that leads to.
			target = name[:strings.LastIndexByte(name, '/')+1] + target
		}
		name = target
	}
	return "", nil, &fs.PathError{Op: "open", Path: name, Err: syscall.ELOOP}
}
