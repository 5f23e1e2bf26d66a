//go:build unix

package journal

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the lock of a record and holds it until f is closed or the process ends. It does not wait. f is open
// for writing, as flock over NFS demands.
func lock(f *os.File) error { return flock(f, syscall.LOCK_EX|syscall.LOCK_NB) }

// beingWritten reports whether a running process holds the record's lock. On a file system without locks it returns true,
// because a record in progress must not be taken for one that was cut off.
func beingWritten(f *os.File) bool {
	if err := flock(f, syscall.LOCK_SH|syscall.LOCK_NB); err != nil {
		return true
	}
	return flock(f, syscall.LOCK_UN) != nil
}

// lockUnsupported reports whether err means that the file system has no locks.
func lockUnsupported(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.ENOLCK)
}

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if err != syscall.EINTR {
			return os.NewSyscallError("flock", err)
		}
	}
}
