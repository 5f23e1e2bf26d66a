//go:build unix

package agent

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

// signalGroup sends a signal to every process of a group. A group that is gone is no error.
func signalGroup(group int, signal syscall.Signal) {
	if err := syscall.Kill(-group, signal); err != nil {
		return
	}
}

// groupAlive reports whether the group has members; see kill(2) for signal 0. Processes that may not be signalled
// are members too.
func groupAlive(group int) bool {
	err := syscall.Kill(-group, 0)
	return err == nil && !onlyZombies(group) || errors.Is(err, syscall.EPERM)
}

// ending tells how a process ended as a shell says it: 128 + n for signal n.
func ending(state *os.ProcessState) (code int, signal string) {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		return 128 + int(status.Signal()), unix.SignalName(status.Signal())
	}
	return state.ExitCode(), ""
}
