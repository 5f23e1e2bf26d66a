//go:build unix && !linux

package process

import (
	"fmt"
	"syscall"
)

// processGroup puts a child into its own process group.
func processGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// onlyZombies always returns false, because this system does not show it: the group counts as alive until its processes
// are reaped.
func onlyZombies(int) bool { return false }

// members always returns 1, because this system does not show the number.
func members(int) int { return 1 }

// survivors describes the processes of a group that are left after SIGKILL.
func survivors(group int) string {
	return fmt.Sprintf("still running after SIGKILL: process group %d", group)
}
