package sshclient

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"

	"sloth-runner/internal/duplex"
	"sloth-runner/internal/excerpt"
	"sloth-runner/internal/fault"
)

// proxyGrace is how long a proxy command may take to end after SIGTERM.
const proxyGrace = 500 * time.Millisecond

// proxyCommand is the ProxyCommand of a host: its standard input and output are the connection.
type proxyCommand struct {
	cmd    *exec.Cmd
	stderr excerpt.Buffer
	ended  chan struct{} // closed when err is set
	err    error
}

// startProxyCommand runs the ProxyCommand of a host with the shell's exec, as ssh_config(5) says. The command gets a session of
// its own: it can't ask on the terminal, where the question would be lost in the output, and gets no Ctrl-C that is meant for
// the run. Processes that it leaves behind are killed when it ends.
func startProxyCommand(host Host, notify notifier) (net.Conn, route, error) {
	p := &proxyCommand{ended: make(chan struct{})}
	p.cmd = exec.Command("sh", "-c", "exec "+host.ProxyCommand)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	p.cmd.Stderr = io.MultiWriter(&p.stderr, &lineNotifier{notify: notify, from: "the proxy command"})
	p.cmd.WaitDelay = proxyGrace // what the command leaves behind may hold stderr open
	stdin, stdout, err := p.start()
	if err != nil {
		return nil, route{}, fmt.Errorf("run the proxy command: %w", err)
	}
	go p.wait() // end waits for it
	conn := duplex.New(duplex.Config{
		Reader: stdout, Writer: stdin, Name: host.Address,
		WrapError: p.wrapCause,
		Close: func() error {
			stdin.Close()
			p.end()
			return stdout.Close()
		},
	})
	return conn, route{lost: p.why, said: func() string { return p.stderr.Quoted("the proxy command said") }}, nil
}

// start starts the command and returns our ends of its pipes. The pipes of exec.Cmd would be closed with the process, although
// output may still have to be read.
func (p *proxyCommand) start() (stdin, stdout *os.File, err error) {
	childIn, stdin, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	defer childIn.Close()
	stdout, childOut, err := os.Pipe()
	if err != nil {
		stdin.Close()
		return nil, nil, err
	}
	defer childOut.Close()
	p.cmd.Stdin, p.cmd.Stdout = childIn, childOut
	if err := p.cmd.Start(); err != nil {
		return nil, nil, errors.Join(err, stdin.Close(), stdout.Close())
	}
	return stdin, stdout, nil
}

func (p *proxyCommand) wait() {
	defer close(p.ended)
	p.err = p.cmd.Wait()
}

// end ends the command and all processes of its session: first by the end of its input, then by signals.
func (p *proxyCommand) end() {
	select {
	case <-p.ended:
	case <-time.After(proxyGrace / 5): // the end of its input
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGTERM)
		select {
		case <-p.ended:
		case <-time.After(proxyGrace):
		}
	}
	// An error means that no process is left.
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	<-p.ended
}

// why returns how the command ended; nil: it still runs.
func (p *proxyCommand) why() error {
	select {
	case <-p.ended:
	case <-time.After(closeTimeout):
		return nil
	}
	reason := "ended"
	var exit *exec.ExitError
	if errors.As(p.err, &exit) {
		reason = "ended with " + exit.String()
	}
	return &fault.Error{
		Err:  fmt.Errorf("the proxy command %s%s", reason, p.stderr.Quoted("stderr")),
		Hint: "try the ProxyCommand of the ssh_config by itself",
	}
}

// wrapCause returns how the command ended in the place of the connection's error.
func (p *proxyCommand) wrapCause(err error) error {
	if why := p.why(); why != nil {
		return why
	}
	return err
}
