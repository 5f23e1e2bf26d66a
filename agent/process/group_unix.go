//go:build unix

package process

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	terminate = syscall.SIGTERM
	kill      = syscall.SIGKILL
)

// signalGroup sends a signal to each process of a group. A group that has ended is not an error.
func signalGroup(group int, signal syscall.Signal) {
	if err := syscall.Kill(-group, signal); err != nil {
		return
	}
}

// groupAlive reports whether the group has members; see kill(2) for signal 0. Processes that this account may not signal
// count too.
func groupAlive(group int) bool {
	err := syscall.Kill(-group, 0)
	return err == nil && !onlyZombies(group) || errors.Is(err, syscall.EPERM)
}

// ending returns how a process ended, with the exit code as in a shell: 128 + n for signal n.
func ending(state *os.ProcessState) (code int, signal string) {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		return 128 + int(status.Signal()), unix.SignalName(status.Signal())
	}
	return state.ExitCode(), ""
}
