package agent

import "syscall"

// processGroup puts a child into a process group of its own, and has the kernel kill it when the agent is killed.
// The signal comes when the thread that started the child ends (prctl(2)); Go ends a thread only when a goroutine
// that is locked to it returns, which none here is.
func processGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
