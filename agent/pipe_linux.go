package agent

import (
	"os"

	"golang.org/x/sys/unix"
)

// widePipe is the largest pipe that a user may have where the system's settings are the usual ones.
const widePipe = 1 << 20

// widen lets a pipe hold more. sshd keeps what the pipe has no room for in a buffer of its own, and copies all of that for each
// packet that comes: a wide pipe keeps it short. A system that allows no more, or a file that is no pipe, stays as it is.
func widen(f *os.File) {
	_, _ = unix.FcntlInt(f.Fd(), unix.F_SETPIPE_SZ, widePipe)
}
