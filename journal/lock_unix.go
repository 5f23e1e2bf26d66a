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

// beingWritten reports whether a living process has the record's lock. Where that can't be known (a file system
// without locks) it says yes, because a record that is written must not be taken for one that was cut off.
func beingWritten(f *os.File) bool {
	if err := flock(f, syscall.LOCK_SH|syscall.LOCK_NB); err != nil {
		return true
	}
	return flock(f, syscall.LOCK_UN) != nil
}

// lockUnsupported reports whether err is that of a file system without locks.
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
