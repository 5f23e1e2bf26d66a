package oshost

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"sloth-runner/sloth/module"
)

// noAttribute is the error of an extended attribute that a file does not have.
const noAttribute = unix.ENODATA

// refused is an error of a call on a path; where the attribute immutable or append-only of the file or its directory is why the system
// refused it, it is module.ErrImmutable.
func refused(path string, err error) error {
	if !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.EACCES) {
		return err
	}
	for _, place := range []string{path, filepath.Dir(path)} {
		if isFixed(place) {
			return &fs.PathError{Op: "write", Path: place, Err: module.ErrImmutable}
		}
	}
	return err
}

// isFixed reports whether a file or directory is immutable or append-only.
func isFixed(path string) bool {
	file, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW, 0)
	if err != nil {
		return false
	}
	defer file.Close()
	const immutable, appendOnly = 0x10, 0x20
	flags, err := unix.IoctlGetUint32(int(file.Fd()), unix.FS_IOC_GETFLAGS)
	return err == nil && flags&(immutable|appendOnly) != 0
}

// reserve asks the file system for the space that a file of that size needs.
func reserve(file *os.File, size int64) error {
	if size == 0 {
		return nil
	}
	err := again(func() error { return unix.Fallocate(int(file.Fd()), unix.FALLOC_FL_KEEP_SIZE, 0, size) })
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOSYS) {
		return nil
	}
	return err
}
