package become

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"sloth-runner/agent"
	"sloth-runner/agent/process"
	"sloth-runner/internal/duplex"
)

// endLimit is how long a child agent may take to end after its input was closed.
const endLimit = process.KillGrace + agent.StopLimit + time.Second

// drainTimeout limits the wait for a program's last output after it has ended.
const drainTimeout = 100 * time.Millisecond

// prompter is a program that may ask for a password before it starts another program, on its standard streams or on its
// terminal, if it has one.
type prompter struct {
	// marker is random. command is the command line that the program starts.
	marker, command string
	cmd             *exec.Cmd
	stdin, stderr   *os.File
	stdoutFile      *os.File
	stdout          *bufio.Reader
	// terminal is this side of the program's terminal; nil: it has none.
	terminal *os.File
	// otherSide is the program's side. It stays open, because a terminal that no process has open can't be read, and
	// programs close inherited files before they open the terminal by name.
	otherSide  *os.File
	transcript *transcript
	// ended is closed when the program has ended, and each of silent when one of its outputs has.
	ended   chan struct{}
	silent  []<-chan struct{}
	readers sync.WaitGroup
}

// startPrompter starts a program in its own session, so that it can't ask on the terminal of this process.
func startPrompter(path string, args []string, terminal bool) (*prompter, error) {
	p := &prompter{transcript: newTranscript(), ended: make(chan struct{})}
	p.cmd = &exec.Cmd{
		Path: path, Args: append([]string{path}, args...), Dir: "/", SysProcAttr: &syscall.SysProcAttr{Setsid: true},
		Env: append(os.Environ(), languageVar+"="+english),
	}
	theirs, err := p.wire(terminal)
	defer func() {
		for _, file := range theirs {
			file.Close()
		}
	}()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		p.closeFiles()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	go func() {
		defer close(p.ended)
		// Its messages have the reason, if there is one.
		_ = p.cmd.Wait()
	}()
	p.background(func() { p.transcript.readFrom(p.stderr, onStderr) })
	if p.terminal != nil {
		p.background(func() { p.transcript.readFrom(p.terminal, onTerminal) })
	}
	return p, nil
}

func (p *prompter) background(read func()) {
	silent := make(chan struct{})
	p.silent = append(p.silent, silent)
	p.readers.Go(func() {
		defer close(silent)
		read()
	})
}

// settle waits until all output of the program is read, or for a short time if another process holds its streams.
func (p *prompter) settle() {
	limit := time.After(drainTimeout)
	for _, silent := range p.silent {
		select {
		case <-silent:
		case <-limit:
			return
		}
	}
}

// wire makes the pipes and the terminal, and returns the program's ends.
func (p *prompter) wire(terminal bool) (theirs []*os.File, err error) {
	pipe := func(mine, its **os.File, reads bool) {
		if err != nil {
			return
		}
		var r, w *os.File
		if r, w, err = os.Pipe(); err != nil {
			return
		}
		if reads {
			*mine, *its = r, w
		} else {
			*mine, *its = w, r
		}
		theirs = append(theirs, *its)
	}
	var stdin, stdout, stderr *os.File
	pipe(&p.stdin, &stdin, false)
	pipe(&p.stdoutFile, &stdout, true)
	pipe(&p.stderr, &stderr, true)
	if err != nil {
		return theirs, err
	}
	p.stdout = bufio.NewReader(p.stdoutFile)
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = stdin, stdout, stderr
	if terminal {
		if p.terminal, p.otherSide, err = openTerminal(); err != nil {
			return theirs, err
		}
		p.cmd.ExtraFiles = []*os.File{p.otherSide}
		p.cmd.SysProcAttr.Setctty, p.cmd.SysProcAttr.Ctty = true, 3
	}
	return theirs, nil
}

// awaitReady reads stdout up to the first line of the agent.
func (p *prompter) awaitReady() {
	p.background(func() { p.transcript.awaitLine(p.stdout, p.marker+" ready") })
}

// answer writes the password to where the question came from.
func (p *prompter) answer(on source, password []byte) error {
	to := p.stdin
	if on == onTerminal {
		to = p.terminal
	}
	line := append(append(make([]byte, 0, len(password)+1), password...), '\n')
	defer clear(line)
	_, err := to.Write(line)
	return err
}

// conn returns the connection to the agent that was started.
func (p *prompter) conn(name string) net.Conn {
	return duplex.New(duplex.Config{
		Reader: p.stdout, Writer: p.stdin, Name: "agent of " + name,
		WrapError: p.wrapError,
		Close: func() error {
			p.close()
			return nil
		},
	})
}

// wrapError returns why the agent's output ended.
func (p *prompter) wrapError(err error) error {
	select {
	case <-p.ended:
	case <-time.After(drainTimeout):
		return err
	}
	reason := "its agent ended"
	if said := p.transcript.lastLine(promptWith(p.marker)); said != "" {
		reason += ": " + said
	}
	return errors.New(reason)
}

// close ends the program and waits for it. It belongs to another user and can't be killed, so only its input is closed.
// A program that does not end then is left running.
func (p *prompter) close() {
	p.stdin.Close()
	if p.terminal != nil && !p.transcript.isReady() {
		// The program may wait for an answer on its terminal.
		p.terminal.Close()
	}
	select {
	case <-p.ended:
	case <-time.After(endLimit):
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // it may have ended already
	}
	p.closeFiles()
	p.readers.Wait()
}

func (p *prompter) closeFiles() {
	for _, file := range []*os.File{p.stdin, p.stdoutFile, p.stderr, p.terminal, p.otherSide} {
		if file != nil {
			file.Close()
		}
	}
}
