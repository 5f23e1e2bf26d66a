package service

import "syscall"

// childAttributes lets the kernel kill the agent when the supervisor is killed, so that the next agent finds its port
// free. See processGroup in package agent for why the end of a thread does not trigger it.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
