package testhost

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"golang.org/x/crypto/ssh"
	"golang.org/x/sys/unix"
)

// goCommand is the process of a session of the server in this process.
type goCommand struct {
	cmd *exec.Cmd
}

// startGoCommand starts the client's command as sshd would: in a process group of its own, through the login shell. The
// caller closes the returned standard input.
func startGoCommand(s *site, line string, channel ssh.Channel) (*goCommand, io.WriteCloser, error) {
	cmd := exec.Command("/bin/sh", "-c", s.login())
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"),
		"USER=" + s.user,
		"LOGNAME=" + s.user,
		originalCommand + "=" + line,
	}, s.environment()...)
	cmd.Stdout, cmd.Stderr = channel, channel.Stderr()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	return &goCommand{cmd: cmd}, stdin, nil
}

// wait waits for the process, and for the end of its output, which background processes may keep open. It returns the
// request that reports the status to the client.
func (c *goCommand) wait() (how string, payload []byte) {
	// The error is the status, or says that the client is gone and output could not be sent.
	_ = c.cmd.Wait()
	status := c.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		name := strings.TrimPrefix(unix.SignalName(status.Signal()), "SIG")
		return "exit-signal", ssh.Marshal(struct {
			Signal         string
			Core           bool
			Message, Langs string
		}{Signal: name, Core: status.CoreDump()})
	}
	return "exit-status", ssh.Marshal(struct{ Status uint32 }{uint32(status.ExitStatus())})
}

// signal sends the process group a signal, named as in RFC 4254, section 6.10: "TERM".
func (c *goCommand) signal(name string) bool {
	number := unix.SignalNum("SIG" + name)
	return number != 0 && syscall.Kill(-c.cmd.Process.Pid, number) == nil
}

// kill kills the process group.
func (c *goCommand) kill() { _ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL) }
