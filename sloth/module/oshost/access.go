package oshost

import (
	"context"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Account is who this process is.
type Account struct {
	UID, GID int
	Groups   []int
	Umask    fs.FileMode
}

// Self returns the account of this process.
func Self() Account {
	groups, err := os.Getgroups()
	if err != nil {
		groups = nil // those of the process are then its own alone
	}
	return Account{UID: os.Geteuid(), GID: os.Getegid(), Groups: groups, Umask: umask()}
}

// umask reads the umask where the system shows it; elsewhere it is set and set back.
func umask() fs.FileMode {
	status, err := os.ReadFile("/proc/self/status")
	if err == nil {
		for line := range strings.SplitSeq(string(status), "\n") {
			if text, ok := strings.CutPrefix(line, "Umask:"); ok {
				if mask, err := strconv.ParseUint(strings.TrimSpace(text), 8, 12); err == nil {
					return fs.FileMode(mask)
				}
			}
		}
	}
	mask := syscall.Umask(0o077)
	syscall.Umask(mask)
	return fs.FileMode(mask)
}

// Access returns the error of using a file for all that mode says, as access(2).
func (h Host) Access(ctx context.Context, path string, mode uint32) error {
	return doOnly(ctx, h, "access", path, func() error {
		for {
			if err := syscall.Access(path, mode); err != syscall.EINTR {
				return err
			}
		}
	})
}

// TempDir returns the directory that Temp makes its files in.
func (h Host) TempDir() string { return os.TempDir() }

// Fixed reports whether a file or directory is immutable or append-only, as far as this account can see that.
func (h Host) Fixed(ctx context.Context, path string) (bool, error) {
	return do(ctx, h, "stat", path, func() (bool, error) { return isFixed(path), nil })
}
