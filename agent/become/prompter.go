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
	"sloth-runner/internal/duplex"
)

// endLimit is how long a deputy may take to end once its input has.
const endLimit = agent.KillGrace + agent.StopLimit + time.Second

// lastWords is how long what a program said last is waited for once it has ended.
const lastWords = 100 * time.Millisecond

// dialogue is a program that may ask for a password before it starts another, on its standard streams and, if it has
// one, on its terminal.
type dialogue struct {
	// marker is random; command is the command line that it starts.
	marker, command string
	cmd             *exec.Cmd
	stdin, stderr   *os.File
	stdoutFile      *os.File
	stdout          *bufio.Reader
	// terminal is this side of a terminal that nobody sees; nil: it has none.
	terminal *os.File
	// otherSide is the program's. It is kept open, because without any opener a terminal can't be read, and programs close
	// what they inherit before they open it by its name.
	otherSide *os.File
	heard     *overheard
	// ended is closed when the program has ended, and each of silent when a source is.
	ended   chan struct{}
	silent  []<-chan struct{}
	readers sync.WaitGroup
}

// openDialogue starts a program in a session of its own, so that it can't ask on the terminal of whoever started this
// one.
func openDialogue(path string, args []string, terminal bool) (*dialogue, error) {
	d := &dialogue{heard: newOverheard(), ended: make(chan struct{})}
	d.cmd = &exec.Cmd{
		Path: path, Args: append([]string{path}, args...), Dir: "/", SysProcAttr: &syscall.SysProcAttr{Setsid: true},
		Env: append(os.Environ(), languageVar+"="+english),
	}
	theirs, err := d.wire(terminal)
	defer func() {
		for _, file := range theirs {
			file.Close()
		}
	}()
	if err == nil {
		err = d.cmd.Start()
	}
	if err != nil {
		d.closeFiles()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	go func() {
		defer close(d.ended)
		// How it ended is said in words, if at all.
		_ = d.cmd.Wait()
	}()
	d.listen(func() { d.heard.listen(d.stderr, onStderr) })
	if d.terminal != nil {
		d.listen(func() { d.heard.listen(d.terminal, onTerminal) })
	}
	return d, nil
}

func (d *dialogue) listen(read func()) {
	silent := make(chan struct{})
	d.silent = append(d.silent, silent)
	d.readers.Go(func() {
		defer close(silent)
		read()
	})
}

// settle waits until all is heard that the program said, or for a short time when something else holds its streams.
func (d *dialogue) settle() {
	limit := time.After(lastWords)
	for _, silent := range d.silent {
		select {
		case <-silent:
		case <-limit:
			return
		}
	}
}

// wire makes the pipes and the terminal, and returns the program's ends.
func (d *dialogue) wire(terminal bool) (theirs []*os.File, err error) {
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
	pipe(&d.stdin, &stdin, false)
	pipe(&d.stdoutFile, &stdout, true)
	pipe(&d.stderr, &stderr, true)
	if err != nil {
		return theirs, err
	}
	d.stdout = bufio.NewReader(d.stdoutFile)
	d.cmd.Stdin, d.cmd.Stdout, d.cmd.Stderr = stdin, stdout, stderr
	if terminal {
		if d.terminal, d.otherSide, err = openTerminal(); err != nil {
			return theirs, err
		}
		d.cmd.ExtraFiles = []*os.File{d.otherSide}
		d.cmd.SysProcAttr.Setctty, d.cmd.SysProcAttr.Ctty = true, 3
	}
	return theirs, nil
}

// awaitReady reads stdout up to the line with which the agent begins.
func (d *dialogue) awaitReady() {
	d.listen(func() { d.heard.awaitLine(d.stdout, d.marker+" ready") })
}

// answer answers where the question came from.
func (d *dialogue) answer(on source, password []byte) error {
	to := d.stdin
	if on == onTerminal {
		to = d.terminal
	}
	line := append(append(make([]byte, 0, len(password)+1), password...), '\n')
	defer clear(line)
	_, err := to.Write(line)
	return err
}

// conn is the connection to the agent that was started.
func (d *dialogue) conn(name string) net.Conn {
	return duplex.New(duplex.Config{
		Reader: d.stdout, Writer: d.stdin, Name: "agent of " + name,
		WrapError: d.explain,
		Close: func() error {
			d.close()
			return nil
		},
	})
}

// explain says why the agent's output ended.
func (d *dialogue) explain(err error) error {
	select {
	case <-d.ended:
	case <-time.After(lastWords):
		return err
	}
	reason := "its agent ended"
	if said := d.heard.lastWords(promptWith(d.marker)); said != "" {
		reason += ": " + said
	}
	return errors.New(reason)
}

// close ends the program and waits for it. It can't be killed, since it is another user's: the end of its input is what
// tells it, and one that does not listen is left.
func (d *dialogue) close() {
	d.stdin.Close()
	if d.terminal != nil && !d.heard.isReady() {
		// It may wait for an answer there.
		d.terminal.Close()
	}
	select {
	case <-d.ended:
	case <-time.After(endLimit):
		_ = syscall.Kill(-d.cmd.Process.Pid, syscall.SIGKILL) // one that is gone is no error
	}
	d.closeFiles()
	d.readers.Wait()
}

func (d *dialogue) closeFiles() {
	for _, file := range []*os.File{d.stdin, d.stdoutFile, d.stderr, d.terminal, d.otherSide} {
		if file != nil {
			file.Close()
		}
	}
}
