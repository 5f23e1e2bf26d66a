// Package atomicfile replaces files. Who reads one, also after a crash or a power failure, sees the old content or the new one,
// whole, and never a part.
//
// A process that is killed may leave a temporary file. The next one that writes into the directory removes it: see Sweep.
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
	Sweep(filepath.Dir(path))
	pending, err := Prepare(path, fill)
	if err != nil {
		return err
	}
	return pending.Commit()
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
