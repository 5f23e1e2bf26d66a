package atomicfile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// temporaryPrefix begins the names of temporary files. The id of the account that made the file follows: those of other accounts are left
// alone, also when their owner was changed since. They don't have the name of the file, which may be as long as names can be.
const temporaryPrefix = ".sloth-new-"

// attempts is how often a temporary file is made that Sweep of another process takes for a leftover in the moment before it is locked.
const attempts = 100

// ownPrefix begins the names of this account's temporary files.
func ownPrefix() string { return temporaryPrefix + strconv.Itoa(os.Geteuid()) + "-" }

func temporaryName(dir string) string {
	const enough = 16
	return filepath.Join(dir, ownPrefix()+rand.Text()[:enough])
}

// create makes a temporary file. use is the same file, with the lock that keeps Sweep away. It ends with the process.
func create(dir string) (file, use *os.File, err error) {
	for range attempts {
		file, err = os.OpenFile(temporaryName(dir), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		if use, err = lock(file); err == nil {
			return file, use, nil
		}
		if err := file.Close(); err != nil {
			return nil, nil, err
		}
	}
	return nil, nil, err
}

// errSwept is of a temporary file that another process removed.
var errSwept = errors.New("the temporary file was removed by another process")

// lock opens a file once more, for reading, and locks that. A file system without locks has none: leftovers stay there.
func lock(file *os.File) (*os.File, error) {
	use, err := os.OpenFile(file.Name(), os.O_RDONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil, errSwept
	}
	err = flock(use, unix.LOCK_SH|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) || !isAt(file, file.Name()) {
		_ = use.Close()
		return nil, errSwept
	}
	return use, nil
}

func flock(file *os.File, how int) error {
	for {
		if err := unix.Flock(int(file.Fd()), how); err != unix.EINTR {
			return err
		}
	}
}

// isAt reports whether a name is still that of an open file.
func isAt(file *os.File, name string) bool {
	opened, err := file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(name)
	return err == nil && os.SameFile(opened, named)
}

// Symlink makes path a symbolic link to target, in the place of a file or link of that name.
func Symlink(target, path string) error {
	dir := filepath.Dir(path)
	Sweep(dir)
	var err error
	for range attempts {
		temporary := temporaryName(dir)
		if err = os.Symlink(target, temporary); err != nil {
			return err
		}
		if err = os.Rename(temporary, path); err == nil {
			return SyncDir(dir)
		}
		// A link can't be locked: Sweep of another process may have removed it.
		if removeErr := os.Remove(temporary); !errors.Is(removeErr, fs.ErrNotExist) || !errors.Is(err, syscall.ENOENT) {
			return errors.Join(err, removeErr)
		}
	}
	return err
}
