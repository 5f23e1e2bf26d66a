// Package sharedinput reads an input that is shared with other processes, such as the shell that started this one.
package sharedinput

import (
	"errors"
	"io"
	"os"
	"sync/atomic"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// Input reads a descriptor. Because other processes share it, it can't be made non-blocking. Close ends a Read that waits.
type Input struct {
	fd             int
	wake, wakeRead *os.File
	wakeFD         int
	// read says that there was something.
	read atomic.Bool
}

// Of returns an Input of a file; nil when the file is closed, is a terminal, or has nothing to read, as /dev/null.
func Of(file *os.File) *Input {
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
	input, err := newInput(fd)
	if err != nil {
		return nil
	}
	return input
}

func newInput(fd int) (*Input, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	in := &Input{fd: fd, wake: write, wakeRead: read}
	conn, err := read.SyscallConn()
	if err == nil {
		err = conn.Control(func(number uintptr) { in.wakeFD = int(number) })
	}
	if err != nil {
		return nil, errors.Join(err, read.Close(), write.Close())
	}
	return in, nil
}

// Read reads what is there, or waits until something is.
func (in *Input) Read(buffer []byte) (int, error) {
	for {
		fds := []unix.PollFd{{Fd: int32(in.fd), Events: unix.POLLIN}, {Fd: int32(in.wakeFD), Events: unix.POLLIN}}
		_, err := unix.Poll(fds, -1)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return 0, os.NewSyscallError("poll", err)
		case fds[1].Revents != 0:
			return 0, os.ErrClosed
		}
		n, err := unix.Read(in.fd, buffer)
		switch {
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			continue
		case err != nil:
			return 0, os.NewSyscallError("read", err)
		case n == 0:
			return 0, io.EOF
		}
		in.read.Store(true)
		return n, nil
	}
}

// WasRead reports whether something was read.
func (in *Input) WasRead() bool { return in.read.Load() }

// Close ends Read, and leaves the descriptor open: it is not ours. The pipe goes with the process, for Read may still look at
// it.
func (in *Input) Close() error { return in.wake.Close() }
