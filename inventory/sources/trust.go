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

// maxTrustLevels is how deep below an inventory is looked; the inventory itself is refused when it is deeper.
const maxTrustLevels = 20

// trusted refuses an inventory that nobody named and somebody else could have put there, or a part of it: it says where to
// connect to and may name commands to run, or be one. It is what Ansible does with an ansible.cfg in a directory that all
// may write to, and git with a repository of somebody else.
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

// trustedPlace is trustedFile for a directory. In one like /tmp, where all may write but not replace what is another's,
// each thing is looked at for itself.
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

// trustedTree looks at a file, or at a directory and all in it, and at the links that lead there. What is not there is
// no danger.
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
		return nil // a link to nothing
	}
	if err := trustedFile(path, info); err != nil || !info.IsDir() || level == maxTrustLevels {
		return err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil // whoever reads it says so
	}
	for _, entry := range entries {
		if err := trustedTree(filepath.Join(path, entry.Name()), level+1); err != nil {
			return err
		}
	}
	return nil
}

// trustedFile says who else decides what is in a file or a directory.
func trustedFile(path string, info fs.FileInfo) error {
	switch mode := info.Mode().Perm(); {
	case !isMine(info):
		return notMine(path)
	case !info.Mode().IsRegular() && !info.IsDir():
		return nil // as /dev/null
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

// isMine reports whether a file belongs to the user who runs the program, to root, or to who has become root with sudo.
func isMine(info fs.FileInfo) bool {
	system, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false
	}
	owner := int(system.Uid)
	return owner == 0 || owner == os.Geteuid() || os.Geteuid() == 0 && strconv.Itoa(owner) == os.Getenv("SUDO_UID")
}

// isOwnGroup reports whether a file's group is that of its owner alone, as far as names tell: many systems give each
// user one, and a umask that lets it write.
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
