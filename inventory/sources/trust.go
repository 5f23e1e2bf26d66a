package sources

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"sloth-runner/internal/fault"
)

// maxTrustLevels is the maximum depth of directories below an inventory. A deeper inventory is refused.
const maxTrustLevels = 20

// trusted returns an error if another user could have written the inventory or a part of it. The user did not name this
// inventory, and it says which hosts to connect to and may contain commands to run or be a program. Ansible has the same
// rule for an ansible.cfg in a directory that all users may write to, and git for a repository of another user.
func trusted(name string) error {
	err := trustedPlace(".")
	for _, path := range []string{name, "group_vars", "host_vars"} {
		if err == nil {
			err = trustedTree(path, 0)
		}
	}
	if err == nil {
		return nil
	}
	return &fault.Error{
		Err:  fmt.Errorf("%s in the working directory is not used: %w", name, err),
		Hint: fmt.Sprintf("if you trust it, name it with -i %s", name),
	}
}

// trustedPlace is trustedFile for a directory. In a directory such as /tmp, with the sticky bit, users can't replace
// files of others; there each file is checked on its own.
func trustedPlace(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("look at %s: %w", placeName(dir), errors.Unwrap(err))
	}
	if isMine(info) && info.Mode()&fs.ModeSticky != 0 {
		return nil
	}
	return trustedFile(dir, info)
}

// trustedTree checks a file, or a directory with all its files, and the targets of links. A file that does not exist is
// no risk.
func trustedTree(path string, level int) error {
	link, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", path, errors.Unwrap(err))
	}
	if !isMine(link) {
		return notMine(path)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil // a broken link
	}
	if err := trustedFile(path, info); err != nil || !info.IsDir() || level == maxTrustLevels {
		return err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil // the later read reports the error
	}
	for _, entry := range entries {
		if err := trustedTree(filepath.Join(path, entry.Name()), level+1); err != nil {
			return err
		}
	}
	return nil
}

// trustedFile returns an error if another user can change a file or a directory.
func trustedFile(path string, info fs.FileInfo) error {
	switch mode := info.Mode().Perm(); {
	case !isMine(info):
		return notMine(path)
	case !info.Mode().IsRegular() && !info.IsDir():
		return nil // such as /dev/null
	case mode&0o002 != 0, mode&0o020 != 0 && !isOwnGroup(info):
		return fmt.Errorf("users other than you can write to %s", placeName(path))
	}
	return nil
}

func notMine(path string) error { return fmt.Errorf("%s belongs to another user", placeName(path)) }

func placeName(path string) string {
	if path == "." {
		return "that directory"
	}
	return path
}

// isMine reports whether a file belongs to the user who runs the program, to root, or to the user who became root with
// sudo.
func isMine(info fs.FileInfo) bool {
	system, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false
	}
	owner := int(system.Uid)
	return owner == 0 || owner == os.Geteuid() || os.Geteuid() == 0 && strconv.Itoa(owner) == os.Getenv("SUDO_UID")
}

// isOwnGroup reports whether a file's group seems to have only its owner as a member, by its name: many systems make
// such a group for each user, with a umask that lets the group write.
func isOwnGroup(info fs.FileInfo) bool {
	system, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false
	}
	owner, err := user.LookupId(strconv.Itoa(int(system.Uid)))
	if err != nil {
		return false
	}
	group, err := user.LookupGroupId(strconv.Itoa(int(system.Gid)))
	return err == nil && group.Name == owner.Username
}
