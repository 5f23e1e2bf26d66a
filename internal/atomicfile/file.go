// Package atomicfile replaces files. Who reads one, also after a crash or a power failure, sees the old content or the new one,
// whole, and never a part.
//
// The new content goes into a temporary file in the same directory, which has all that it needs, and is on the disk, before it
// takes the name. The directory is brought to the disk as well, or the old file could come back.
package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// temporaryPrefix begins the names of temporary files. They don't have the name of the file, which may be as long as names can be.
const temporaryPrefix = ".sloth-new-"

// Write replaces a file, or makes it, with this content and mode. The directory must exist.
func Write(path string, content []byte, mode fs.FileMode) error {
	return Replace(path, func(file *os.File) error {
		if _, err := file.Write(content); err != nil {
			return err
		}
		return file.Chmod(mode) // whatever the umask is
	})
}

// Replace replaces a file, or makes it, with what fill makes of an empty file that only this account can read. On an error the old
// file is still there. A symbolic link is replaced, and not followed.
func Replace(path string, fill func(*os.File) error) error {
	pending, err := Prepare(path, fill)
	if err != nil {
		return err
	}
	return pending.Commit()
}

// Symlink makes path a symbolic link to target, in the place of a file or link of that name.
func Symlink(target, path string) error {
	temporary := path + ".new" // one that was left is removed by the next call
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Symlink(target, temporary); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return SyncDir(filepath.Dir(path))
}

// SyncDir brings the entries of a directory to the disk, after a rename in it. Where the file system can't do that, or the account
// may not read the directory, it does nothing.
func SyncDir(path string) error {
	dir, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, dir.Close())
}
