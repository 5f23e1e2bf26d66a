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

// proxyGrace is how long a proxy command may take to end when it is told to.
const proxyGrace = 500 * time.Millisecond

// proxyCommand is a command that runs in place of the network.
type proxyCommand struct {
	cmd    *exec.Cmd
	stderr excerpt.Buffer
	ended  chan struct{} // closed when err is there
	err    error
}

// startProxyCommand runs a command whose standard input and output are the connection to the host, by the shell's exec
// as ssh_config(5) has it. It gets a session of its own: no terminal to ask on, which nobody would see, and no Ctrl-C
// that is meant for the run. What it leaves behind ends with it.
func startProxyCommand(host Host, tell teller) (net.Conn, way, error) {
	p := &proxyCommand{ended: make(chan struct{})}
	p.cmd = exec.Command("sh", "-c", "exec "+host.ProxyCommand)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	p.cmd.Stderr = io.MultiWriter(&p.stderr, &spoken{tell: tell, from: "the proxy command"})
	p.cmd.WaitDelay = proxyGrace // what the command leaves behind may hold stderr open
	stdin, stdout, err := p.start()
	if err != nil {
		return nil, way{}, fmt.Errorf("run the proxy command: %w", err)
	}
	go p.wait() // end waits for it
	conn := duplex.New(duplex.Config{
		Reader: stdout, Writer: stdin, Name: host.Address,
		WrapError: p.explain,
		Close: func() error {
			stdin.Close()
			p.end()
			return stdout.Close()
		},
	})
	return conn, way{lost: p.why, heard: func() string { return p.stderr.Quoted("the proxy command said") }}, nil
}

// start starts the command and returns the ends of its pipes. They are not those of exec.Cmd, which are closed with the
// process, whatever is still to be read.
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

// end ends the command and all that it started, politely first.
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
	// Whether anything is left to kill can't be known.
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	<-p.ended
}

// why is how the command ended, or nil.
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

// explain is why for a connection.
func (p *proxyCommand) explain(err error) error {
	if why := p.why(); why != nil {
		return why
	}
	return err
}
