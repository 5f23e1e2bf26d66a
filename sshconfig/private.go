package sshconfig

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// checkPrivate refuses a file that another user owns or can write to.
func checkPrivate(info fs.FileInfo) error {
	owner, known := info.Sys().(*syscall.Stat_t)
	if known && owner.Uid != 0 && int(owner.Uid) != os.Getuid() {
		return errors.New("it belongs to another user, which ssh refuses")
	}
	if info.Mode().Perm()&0o022 != 0 {
		return errors.New("others may write to it, which ssh refuses; chmod go-w it")
	}
	return nil
}
