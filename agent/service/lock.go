package service

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// lockFile, in the state directory, is locked while a supervisor runs (flock(2)), and has its process numbers. It is
// removed only with the directory: a lock on a removed file excludes no other supervisor.
const lockFile = "supervisor"

// lockVar is an environment variable with the file descriptor of the lock, for the program that replaces the supervisor.
const lockVar = "SLOTH_RUNNER_SUPERVISOR_LOCK"

// errSupervised is returned when another supervisor holds the lock.
var errSupervised = errors.New("another supervisor runs already")

// processes are the content of the lock file.
type processes struct {
	supervisor, agent int
	// round changes whenever the agent was restarted on request.
	round int64
}

// lock takes the lock of a state directory, or returns the inherited one.
func lock(dir string) (*os.File, error) {
	path := filepath.Join(dir, lockFile)
	file, err := handedDown(path)
	isNew := file == nil
	if isNew && err == nil {
		file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		file.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, errSupervised
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if isNew {
		// The content is that of a supervisor that was killed. Another process may have its number by now.
		if err := (processes{supervisor: os.Getpid()}).write(file); err != nil {
			file.Close()
			return nil, fmt.Errorf("write %s: %w", path, err)
		}
	}
	return file, nil
}

// handedDown returns the lock file that this program inherited from the one that it replaced, or nil.
func handedDown(path string) (*os.File, error) {
	fd, err := strconv.Atoi(os.Getenv(lockVar))
	if err != nil {
		return nil, nil
	}
	if err := os.Unsetenv(lockVar); err != nil {
		return nil, err
	}
	syscall.CloseOnExec(fd)
	file := os.NewFile(uintptr(fd), path)
	have, err := file.Stat()
	if err != nil {
		return nil, err
	}
	want, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !os.SameFile(have, want) {
		return nil, errors.New("the lock that was handed down is another file")
	}
	return file, nil
}

// write writes the process numbers. The text has a fixed length, so that a reader always finds all of it.
func (p processes) write(file *os.File) error {
	_, err := file.WriteAt(fmt.Appendf(nil, "%20d %20d %20d\n", p.supervisor, p.agent, p.round), 0)
	return err
}

// running returns the processes of the supervisor of a state directory. ok is false if none runs.
func running(dir string) (p processes, ok bool, err error) {
	file, err := os.Open(filepath.Join(dir, lockFile))
	if errors.Is(err, fs.ErrNotExist) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("look for the supervisor: %w", err)
	}
	defer file.Close()
	err = unix.Flock(int(file.Fd()), unix.LOCK_SH|unix.LOCK_NB)
	if err == nil {
		return p, false, nil
	}
	if !errors.Is(err, unix.EWOULDBLOCK) {
		return p, false, fmt.Errorf("look for the supervisor: %w", err)
	}
	// A supervisor that has just taken the lock may not have written yet. Its numbers are then 0.
	if _, err := fmt.Fscan(file, &p.supervisor, &p.agent, &p.round); err != nil {
		p = processes{}
	}
	return p, true, nil
}
