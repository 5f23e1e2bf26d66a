package become

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// openTerminal opens a terminal without echo, for passwords. Closing mine unblocks a read of it.
func openTerminal() (mine, theirs *os.File, err error) {
	blocking, theirs, err := pty.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("make a terminal: %w", err)
	}
	defer blocking.Close()
	if _, err = term.MakeRaw(int(theirs.Fd())); err == nil {
		var fd int
		if fd, err = unix.FcntlInt(blocking.Fd(), unix.F_DUPFD_CLOEXEC, 0); err == nil {
			if err = syscall.SetNonblock(fd, true); err == nil {
				return os.NewFile(uintptr(fd), blocking.Name()), theirs, nil
			}
			err = errors.Join(err, syscall.Close(fd))
		}
	}
	return nil, nil, errors.Join(fmt.Errorf("set up a terminal: %w", err), theirs.Close())
}
