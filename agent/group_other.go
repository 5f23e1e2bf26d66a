//go:build unix && !linux

package agent

import (
	"fmt"
	"syscall"
)

// processGroup puts a child into a process group of its own.
func processGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// onlyZombies is not known here; the group then counts as alive until its parents have taken notice.
func onlyZombies(int) bool { return false }

// members is how many processes a group has that has not ended, as far as this system shows.
func members(int) int { return 1 }

// survivors describes the processes of a group that are left after SIGKILL.
func survivors(group int) string {
	return fmt.Sprintf("still running after SIGKILL: process group %d", group)
}
