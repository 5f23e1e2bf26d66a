package bootstrap

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
)

// lastWords is how long an exit status is waited for once a session's output has ended.
const lastWords = 500 * time.Millisecond

// remote is a command that runs on the host.
type remote struct {
	session *ssh.Session
	stdin   io.WriteCloser
	stdout  *bufio.Reader
	stderr  *excerpt
	noise   bytes.Buffer
	waited  chan struct{} // closed when the exit status is known
	waitErr error
}

// openSession opens a session. Servers that allow one at a time may still be about to end the one before, which no
// message tells: they get a moment.
func openSession(client *ssh.Client) (*ssh.Session, error) {
	for pause := 10 * time.Millisecond; ; pause *= 2 {
		session, err := client.NewSession()
		var refused *ssh.OpenChannelError
		if !errors.As(err, &refused) || pause > lastWords {
			return session, err
		}
		time.Sleep(pause)
	}
}

// startRemote opens a session and runs the command in it.
func startRemote(client *ssh.Client, command string) (*remote, error) {
	session, err := openSession(client)
	if err != nil {
		return nil, fmt.Errorf("open a session: %w", fault.Plain(err))
	}
	r := &remote{session: session, stderr: new(excerpt), waited: make(chan struct{})}
	session.Stderr = r.stderr
	if r.stdin, err = session.StdinPipe(); err == nil {
		var stdout io.Reader
		if stdout, err = session.StdoutPipe(); err == nil {
			r.stdout = bufio.NewReaderSize(stdout, 16<<10)
			err = session.Start(command)
		}
	}
	if err != nil {
		session.Close()
		return nil, fmt.Errorf("run a command: %w", fault.Plain(err))
	}
	// The goroutine ends with the session, at the latest when the connection is closed.
	go func() {
		defer close(r.waited)
		r.waitErr = session.Wait()
	}()
	return r, nil
}

// end closes the session and waits until the server has closed it too: some allow only one at a time.
func (r *remote) end() {
	r.stdin.Close()
	select {
	case <-r.waited:
	case <-time.After(lastWords):
	}
	r.session.Close()
}

// explain says why the command's output ended.
func (r *remote) explain(err error) error {
	if !errors.Is(err, io.EOF) && !errors.Is(err, errNoAnswer) {
		return err
	}
	select {
	case <-r.waited:
	case <-time.After(lastWords):
		return errors.New("the connection was closed")
	}
	var exit *ssh.ExitError
	var missing *ssh.ExitMissingError
	reason := "ended"
	switch {
	case errors.As(r.waitErr, &exit) && exit.Signal() != "":
		reason = "was killed by SIG" + exit.Signal()
	case errors.As(r.waitErr, &exit):
		reason = fmt.Sprintf("ended with exit status %d", exit.ExitStatus())
	case errors.As(r.waitErr, &missing):
		return errors.New("the connection was closed")
	}
	if errors.Is(err, errNoAnswer) {
		return fmt.Errorf("%w: the command %s%s%s", err, reason, r.stderr.quoted(), quote("stdout", r.noise.String()))
	}
	return fmt.Errorf("the agent %s%s", reason, r.stderr.quoted())
}

// excerpt keeps the head and the tail of what is written to it: the cause may be in either. Safe for concurrent use.
type excerpt struct {
	mu         sync.Mutex
	head, tail []byte
	cut        bool
}

const excerptSize = 2 << 10

func (e *excerpt) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	room := min(excerptSize-len(e.head), len(p))
	e.head = append(e.head, p[:room]...)
	e.tail = append(e.tail, p[room:]...)
	if over := len(e.tail) - excerptSize; over > 0 {
		e.tail, e.cut = append(e.tail[:0], e.tail[over:]...), true
	}
	return len(p), nil
}

// quoted is the excerpt for an error, or "".
func (e *excerpt) quoted() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	middle := ""
	if e.cut {
		middle = " […] "
	}
	return quote("stderr", string(e.head)+middle+string(e.tail))
}

func quote(name, text string) string {
	text = strings.ToValidUTF8(strings.TrimSpace(text), "\uFFFD")
	if text == "" {
		return ""
	}
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	const most = 6
	if len(lines) > most {
		lines = append(append(lines[:most/2:most/2], "[…]"), lines[len(lines)-most/2:]...)
	}
	return fmt.Sprintf("; %s: %s", name, strings.Join(lines, " | "))
}
