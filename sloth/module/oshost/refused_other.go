//go:build !linux

package oshost

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"sloth-runner/sloth/module"
)

// noAttribute is the error of an extended attribute that a file does not have.
const noAttribute = unix.ENOATTR

// refused is an error of a call on a path; where a flag of the file or its directory is why the system refused it, it is
// module.ErrImmutable.
func refused(path string, err error) error {
	if !errors.Is(err, unix.EPERM) {
		return err
	}
	for _, place := range []string{path, filepath.Dir(path)} {
		if isFixed(place) {
			return &fs.PathError{Op: "write", Path: place, Err: module.ErrImmutable}
		}
	}
	return err
}

// isFixed reports whether a file or directory has the flag uchg, uappnd, schg or sappnd.
func isFixed(path string) bool {
	const fixed = 0x00000002 | 0x00000004 | 0x00020000 | 0x00040000
	info, err := os.Lstat(path)
	if err != nil {
		return false
	}
	system, ok := info.Sys().(*syscall.Stat_t)
	return ok && uint32(system.Flags)&fixed != 0
}

// reserve does nothing: the system has no call that takes the space of a file and leaves its content.
func reserve(*os.File, int64) error { return nil }
