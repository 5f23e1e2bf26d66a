package oshost

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// searching has a directory opened for going through it: that does not need the right to read it.
const searching = unix.O_PATH

// chmodAt changes the mode of what is no link. Linux has a call for that since 6.6; before, the file is opened without reading it,
// and changed by its name in /proc.
func chmodAt(dir int, name string, mode uint32) error {
	err := unix.Fchmodat(dir, name, mode, unix.AT_SYMLINK_NOFOLLOW)
	if !errors.Is(err, unix.EOPNOTSUPP) {
		return err
	}
	fd, err := unix.Openat(dir, name, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(fd) }()
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return err
	}
	if stat.Mode&unix.S_IFMT == unix.S_IFLNK {
		return unix.EOPNOTSUPP
	}
	return unix.Fchmodat(unix.AT_FDCWD, "/proc/self/fd/"+strconv.Itoa(fd), mode, 0)
}

// Mounts implements module.Tree.
func (t *tree) Mounts(ctx context.Context) ([]string, error) {
	return do(ctx, t.host, "mounts", t.root.Name(), func() ([]string, error) {
		root, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(int(t.root.Fd())))
		if err != nil {
			return nil, nil // without /proc the system does not say it
		}
		table, err := os.ReadFile("/proc/self/mountinfo")
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return mountsBelow(root, string(table)), err
	})
}

// mountsBelow returns the mount points at and below a directory, relative to it, from a table as /proc/self/mountinfo.
func mountsBelow(root, table string) []string {
	var names []string
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		const mountPoint = 4
		if len(fields) <= mountPoint {
			continue
		}
		point := unescape(fields[mountPoint])
		if point == root {
			names = append(names, ".")
		} else if name, below := strings.CutPrefix(point, strings.TrimSuffix(root, "/")+"/"); below {
			names = append(names, name)
		}
	}
	return names
}

// unescape reads the escapes of the table: \040 is a space.
func unescape(text string) string {
	for i := 0; i+3 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		if code, err := strconv.ParseUint(text[i+1:i+4], 8, 8); err == nil {
			text = text[:i] + string([]byte{byte(code)}) + text[i+4:]
		}
	}
	return text
}
