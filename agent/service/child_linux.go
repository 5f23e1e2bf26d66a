package service

import "syscall"

// childAttributes have the kernel kill the agent when the supervisor is killed, so that the next one finds its port free.
// See processGroup in package agent for why this is the process's end and not a thread's.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
