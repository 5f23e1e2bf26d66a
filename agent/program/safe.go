package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"sloth-runner/internal/fault"
)

// ErrUnsafe is returned for a directory that is not safe for a program that another account runs.
var ErrUnsafe = errors.New("other users can rename what is in it")

// SafeDir returns the path of a directory without symbolic links, if no other account can replace its files, the
// directory itself, or one above it: each directory belongs to root or to this account, and others can't write to it or
// it has the sticky bit. It checks from the root downwards: a checked directory stays safe, because only root and this
// account can change it.
func SafeDir(dir string) (string, error) {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", err
	}
	for _, path := range downTo(real) {
		info, err := os.Lstat(path)
		if err != nil {
			return "", err
		}
		if !info.IsDir() || !isKept(info) {
			return "", open(path, info)
		}
	}
	return real, nil
}

// downTo returns a path and all directories above it, the root first.
func downTo(path string) []string {
	paths := []string{"/"}
	for i := 1; i < len(path); i++ {
		if path[i] == filepath.Separator {
			paths = append(paths, path[:i])
		}
	}
	if strings.Trim(path, "/") != "" {
		paths = append(paths, path)
	}
	return paths
}

// isKept reports whether only root and this account can change a file, or the entries of a directory.
func isKept(info fs.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || owner.Uid != 0 && int(owner.Uid) != os.Geteuid() {
		return false
	}
	return info.Mode().Perm()&0o022 == 0 || info.IsDir() && info.Mode()&fs.ModeSticky != 0
}

func open(path string, info fs.FileInfo) error {
	owner := ""
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		owner = fmt.Sprintf(", owner %d", stat.Uid)
	}
	return fmt.Errorf("%w (%s: mode %04o%s)", ErrUnsafe, path, info.Mode().Perm(), owner)
}

// SafePath returns the path of this program's file, if it is the running one and no other account can replace it.
func SafePath() (string, error) {
	own, err := Path()
	if err != nil {
		return "", err
	}
	path, info, err := safeFile(own)
	if err != nil {
		return "", err
	}
	if running, err := os.Stat(runningFile); err == nil && !os.SameFile(running, info) {
		return "", fmt.Errorf("%s is another program by now", path)
	}
	return path, nil
}

// safeFile returns the path of a file without symbolic links, if no other account can change or replace it.
func safeFile(path string) (string, fs.FileInfo, error) {
	dir, err := SafeDir(filepath.Dir(path))
	if err != nil {
		return "", nil, err
	}
	path = filepath.Join(dir, filepath.Base(path))
	info, err := os.Lstat(path)
	if err != nil {
		return "", nil, err
	}
	if !info.Mode().IsRegular() || !isKept(info) {
		return "", nil, open(path, info)
	}
	return path, info, nil
}

// CheckDir returns an error if an account other than root and this one could replace the files of a directory. A service
// must not use them then.
func CheckDir(dir string) error {
	_, err := SafeDir(dir)
	if errors.Is(err, ErrUnsafe) {
		return &fault.Error{
			Err:  fmt.Errorf("%s is no place for a service: %w", dir, err),
			Hint: "give the directory to the account of the service, and take write permission from all others",
		}
	}
	return err
}

// Check returns an error if an account other than root and this one can change or replace a program. A service must not
// run it then.
func Check(path string) error {
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		_, _, err = safeFile(real)
	}
	return err
}
