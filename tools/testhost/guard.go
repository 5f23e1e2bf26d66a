package testhost

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
)

//go:embed guard.sh
var guardScript string

// guard is the process that kills a host's processes when their owner is gone; see guard.sh.
type guard struct {
	cmd  *exec.Cmd
	hold io.Closer     // its standard input: closing it ends the host
	gone chan struct{} // closed when the server has ended
}

// startGuard starts a guard for the host with that ID, with the server to run in it, if any, and the file that takes
// the server's stderr.
//
// The guard has a session of its own: a Ctrl-C at the terminal is for the owner, who still needs the host to clean
// up. A mere process group would not do: when the owner dies while sshd is stopped, the kernel hangs up the group,
// because nobody is left to continue it (setpgid(2)), and the guard with it.
func startGuard(id string, stderr *os.File, server ...string) (*guard, error) {
	alive, serverStdout, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer serverStdout.Close()
	cmd := exec.Command("/bin/sh", append([]string{"-c", guardScript, "guard", id}, server...)...)
	cmd.Stdout, cmd.Stderr = serverStdout, stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	hold, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		_ = alive.Close()
		return nil, fmt.Errorf("start guard: %w", err)
	}
	g := &guard{cmd: cmd, hold: hold, gone: make(chan struct{})}
	go func() {
		defer close(g.gone)
		defer alive.Close()
		_, _ = io.Copy(io.Discard, alive)
	}()
	return g, nil
}

// stop ends the host's processes and waits for the guard and the server.
func (g *guard) stop() error {
	err := g.hold.Close()
	if exit := g.cmd.Wait(); exit != nil {
		err = errors.Join(err, fmt.Errorf("guard: %w", exit))
		// Its group still has the server.
		_ = syscall.Kill(-g.cmd.Process.Pid, syscall.SIGKILL)
	}
	<-g.gone
	return err
}
