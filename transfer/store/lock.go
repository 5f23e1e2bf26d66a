package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	shared    = syscall.LOCK_SH
	exclusive = syscall.LOCK_EX
)

// errLocked says that another process has the lock.
var errLocked = errors.New("it is locked")

const (
	// lockWait is how long the lock of the directory is waited for: its holders only list a directory.
	lockWait = 10 * time.Second
	lockTry  = 5 * time.Millisecond
)

// lock takes the lock of the directory. A shared one is waited for.
func (s *Store) lock(how int) (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(s.dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for limit := time.Now().Add(lockWait); ; time.Sleep(lockTry) {
		err = flock(file, how)
		if !errors.Is(err, errLocked) || how == exclusive || time.Now().After(limit) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil
}

// flock locks an open file, which ends when it is closed, also by the end of the process.
func flock(file *os.File, how int) error {
	for {
		err := syscall.Flock(int(file.Fd()), how|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errLocked
		}
		return os.NewSyscallError("flock", err)
	}
}
