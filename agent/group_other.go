//go:build unix && !linux

package agent

import "syscall"

// processGroup puts a child into a process group of its own.
func processGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
