package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Sweep removes what processes of this account that were killed have left in a directory. What a process still uses stays, and so does
// all that may not be removed or looked at.
func Sweep(dir string) {
	opened, err := os.Open(dir)
	if err != nil {
		return
	}
	defer opened.Close()
	own := ownPrefix()
	for {
		const some = 1000
		names, err := opened.Readdirnames(some)
		for _, name := range names {
			if strings.HasPrefix(name, own) {
				sweepOne(filepath.Join(dir, name))
			}
		}
		if err != nil {
			return
		}
	}
}

func sweepOne(path string) {
	info, err := os.Lstat(path)
	if err != nil || !isOurs(info) {
		return
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		_ = os.Remove(path) // Symlink makes another one if it was in use
	case info.Mode().IsRegular():
		// Reading comes first: a program that is open for writing can't be run, and this may be one that is being validated.
		for _, flag := range []int{os.O_RDONLY, os.O_WRONLY} {
			if done := removeUnused(path, flag); done {
				return
			}
		}
	}
}

// isOurs reports whether the account owns a file, or may give files away: it may have done so with its own ones.
func isOurs(info fs.FileInfo) bool {
	system, ok := info.Sys().(*syscall.Stat_t)
	return ok && (os.Geteuid() == 0 || int(system.Uid) == os.Geteuid())
}

// removeUnused removes a file that no process has locked. It reports false where the file could not be opened so, or not be locked.
func removeUnused(path string, flag int) (done bool) {
	file, err := os.OpenFile(path, flag|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer file.Close()
	switch err := flock(file, unix.LOCK_EX|unix.LOCK_NB); {
	case errors.Is(err, unix.EWOULDBLOCK):
		return true
	case err != nil:
		return false
	}
	if isAt(file, path) {
		_ = os.Remove(path)
	}
	return true
}
