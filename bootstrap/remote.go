package bootstrap

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/excerpt"
	"sloth-runner/internal/fault"
	"sloth-runner/sshclient"
)

// lastWords is how long an exit status is waited for once a session's output has ended.
const lastWords = 500 * time.Millisecond

// remote is a command that runs on the host.
type remote struct {
	session *ssh.Session
	stdin   io.WriteCloser
	stdout  *bufio.Reader
	stderr  excerpt.Buffer
	noise   excerpt.Buffer // what came on stdout and is no answer
	what    string         // what has run, when it has ended
	waited  chan struct{}  // closed when the exit status is known
	waitErr error
}

// start opens a session and runs the command in it.
func (b *boot) start(ctx context.Context, command string) (*remote, error) {
	session, err := b.client.NewSession(ctx)
	if err != nil {
		return nil, err
	}
	r := &remote{session: session, what: "the agent", waited: make(chan struct{})}
	session.Stderr = &r.stderr
	if r.stdin, err = session.StdinPipe(); err == nil {
		var stdout io.Reader
		if stdout, err = session.StdoutPipe(); err == nil {
			r.stdout = bufio.NewReaderSize(stdout, 16<<10)
			if err = sshclient.SetEnv(session, b.target.SSH.SetEnv); err == nil {
				err = session.Start(command)
			}
		}
	}
	if err != nil {
		session.Close()
		return nil, fmt.Errorf("run a command: %w", fault.Plain(err))
	}
	b.sessions.Go(func() {
		defer close(r.waited)
		r.waitErr = session.Wait()
	})
	return r, nil
}

// end closes the session and waits a moment for the server to close it too: some allow only one at a time.
func (r *remote) end() {
	r.stdin.Close()
	select {
	case <-r.waited:
	case <-time.After(lastWords):
	}
	r.session.Close()
}

// heardUntil is an error with what the command had said when it was given up. Nothing was said by one that was not started.
func (r *remote) heardUntil(err error) error {
	if r == nil {
		return err
	}
	if said := r.stderr.Quoted("stderr") + r.noise.Quoted("stdout"); said != "" {
		return fmt.Errorf("%w%s", err, said)
	}
	return err
}

// wrapCause returns why the command's output ended.
func (r *remote) wrapCause(err error) error {
	unanswered := errors.Is(err, errNoAnswer) || errors.Is(err, errCutAnswer)
	if !errors.Is(err, io.EOF) && !unanswered {
		return err
	}
	select {
	case <-r.waited:
	case <-time.After(lastWords):
		if unanswered {
			return fmt.Errorf("%w%s%s", err, r.stderr.Quoted("stderr"), r.noise.Quoted("stdout"))
		}
		return sshclient.ErrClosed
	}
	reason := "ended"
	var exit *ssh.ExitError
	var missing *ssh.ExitMissingError
	switch {
	case errors.As(r.waitErr, &exit) && exit.Signal() != "":
		reason = "was killed by SIG" + exit.Signal()
	case errors.As(r.waitErr, &exit):
		reason = fmt.Sprintf("ended with exit status %d", exit.ExitStatus())
	case errors.As(r.waitErr, &missing):
		return sshclient.ErrClosed
	}
	if unanswered {
		return fmt.Errorf("%w: the command %s%s%s", err, reason, r.stderr.Quoted("stderr"), r.noise.Quoted("stdout"))
	}
	return fmt.Errorf("%s %s%s", r.what, reason, r.stderr.Quoted("stderr"))
}
