//go:build !linux

package oshost

import (
	"context"

	"golang.org/x/sys/unix"
)

// searching has a directory opened for going through it.
const searching = unix.O_RDONLY

// chmodAt changes the mode of what is no link. A link has a mode of its own here, which nothing looks at.
func chmodAt(dir int, name string, mode uint32) error {
	return unix.Fchmodat(dir, name, mode, unix.AT_SYMLINK_NOFOLLOW)
}

// Mounts implements module.Tree. Each mounted file system has a device of its own here, so that callers see where one begins.
func (t *tree) Mounts(context.Context) ([]string, error) { return nil, nil }
