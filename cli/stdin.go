package cli

import (
	"errors"
	"io"
	"os"
	"sync/atomic"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"sloth-runner/cli/command"
)

// inputToPassOn is the standard input for commands on hosts; nil when it is a terminal, which is for the person before it, or
// has nothing to read.
func inputToPassOn(s *command.Streams) *polled {
	file, ok := s.In.(*os.File)
	if !ok {
		return nil
	}
	info, err := file.Stat()
	if err != nil { // closed
		return nil
	}
	if null, err := os.Stat(os.DevNull); err == nil && os.SameFile(info, null) {
		return nil
	}
	fd := -1
	if conn, err := file.SyscallConn(); err != nil || conn.Control(func(number uintptr) { fd = int(number) }) != nil || term.IsTerminal(fd) {
		return nil
	}
	input, err := newPolled(fd)
	if err != nil {
		return nil
	}
	return input
}

// polled reads a descriptor that is shared with other processes, such as the shell that started this one: so it can't be made
// non-blocking. Close ends a Read that waits.
type polled struct {
	fd             int
	wake, wakeRead *os.File
	wakeFD         int
	// read says that there was something.
	read atomic.Bool
}

func newPolled(fd int) (*polled, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &polled{fd: fd, wake: write, wakeRead: read}
	conn, err := read.SyscallConn()
	if err == nil {
		err = conn.Control(func(number uintptr) { p.wakeFD = int(number) })
	}
	if err != nil {
		return nil, errors.Join(err, read.Close(), write.Close())
	}
	return p, nil
}

// Read reads what is there, or waits until something is.
func (p *polled) Read(buffer []byte) (int, error) {
	for {
		fds := []unix.PollFd{{Fd: int32(p.fd), Events: unix.POLLIN}, {Fd: int32(p.wakeFD), Events: unix.POLLIN}}
		_, err := unix.Poll(fds, -1)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return 0, os.NewSyscallError("poll", err)
		case fds[1].Revents != 0:
			return 0, os.ErrClosed
		}
		n, err := unix.Read(p.fd, buffer)
		switch {
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			continue
		case err != nil:
			return 0, os.NewSyscallError("read", err)
		case n == 0:
			return 0, io.EOF
		}
		p.read.Store(true)
		return n, nil
	}
}

func (p *polled) wasRead() bool { return p.read.Load() }

// Close ends Read, and leaves the descriptor open: it is not ours. The pipe goes with the process, for Read may still look at
// it.
func (p *polled) Close() error { return p.wake.Close() }
