package agent

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// errOpenPlace is why a directory is no place for a program that another account runs.
var errOpenPlace = errors.New("other users can rename what is in it")

// safePlace refuses a directory where another user could put a thing of his in the stead of ours: it belongs to root or to
// this account, and others can't write there, or it has the sticky bit.
func safePlace(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok, int(owner.Uid) != 0 && int(owner.Uid) != os.Geteuid():
		return errOpenPlace
	case info.Mode().Perm()&0o022 != 0 && info.Mode()&fs.ModeSticky == 0:
		return errOpenPlace
	}
	return nil
}
