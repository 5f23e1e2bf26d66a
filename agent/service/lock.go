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

// lockFile, in the state directory, is locked for as long as a supervisor lives (flock(2)), and says which processes
// there are. It is never removed but with the directory: a lock on a file without a name locks nobody out.
const lockFile = "supervisor"

// lockVar is a variable with the file descriptor of the lock, for the program by which a supervisor replaces itself.
const lockVar = "SLOTH_RUNNER_SUPERVISOR_LOCK"

// errSupervised is why there is no second supervisor.
var errSupervised = errors.New("another supervisor runs already")

// processes are what the lock file says.
type processes struct {
	supervisor, agent int
	// round is another one whenever the agent was started anew on demand.
	round int64
}

// lock takes the lock of a state directory, or that which was handed down.
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
		// What stands there is of a supervisor that was killed: its number may be another process's by now.
		if err := (processes{supervisor: os.Getpid()}).write(file); err != nil {
			file.Close()
			return nil, fmt.Errorf("write %s: %w", path, err)
		}
	}
	return file, nil
}

// handedDown is the file that the program had open which this one has replaced, or nil.
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

// write says which processes there are. The text has one length, so that a reader finds all of it.
func (p processes) write(file *os.File) error {
	_, err := file.WriteAt(fmt.Appendf(nil, "%20d %20d %20d\n", p.supervisor, p.agent, p.round), 0)
	return err
}

// running returns the processes of the supervisor of a state directory; ok is false when none lives.
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
	// One that has only just taken the lock has not written yet: its numbers are 0.
	if _, err := fmt.Fscan(file, &p.supervisor, &p.agent, &p.round); err != nil {
		p = processes{}
	}
	return p, true, nil
}
