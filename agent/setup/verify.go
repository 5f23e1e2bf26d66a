package setup

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"time"

	"sloth-runner/agent/persistent"
	"sloth-runner/agent/service"
	"sloth-runner/internal/fault"
	"sloth-runner/internal/pause"
	"sloth-runner/trust"
)

const (
	// answerLimit limits how long an agent may take to answer after its start.
	answerLimit = 20 * time.Second
	// oneAnswer limits one attempt.
	oneAnswer = 5 * time.Second
	// verifyPause is the pause between attempts.
	verifyPause = 50 * time.Millisecond
)

// hello2 is the beginning of an HTTP/2 connection, the preface and empty settings. settingsFrame is the type of the
// frame that each server answers with: RFC 9113, sections 3.4 and 6.5.
const (
	hello2        = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"
	settingsFrame = 4
)

// verify waits until the agent answers.
func (s *setup) verify(ctx context.Context, manager service.Manager, limit time.Duration) error {
	if limit == 0 {
		limit = answerLimit
	}
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	var last error
	for {
		err := s.answers(ctx)
		if err == nil {
			var state service.State
			if state, err = manager.State(ctx, s.places.spec()); err == nil && state == service.Running {
				return nil
			}
			if err == nil {
				err = errors.New("its service does not run")
			}
		}
		if ctx.Err() == nil || last == nil {
			last = err // and not the error that time has run out
		}
		if !pause.For(ctx, verifyPause) {
			return s.unverified(limit, last)
		}
	}
}

// unverified returns the error for an agent that did not answer.
func (s *setup) unverified(limit time.Duration, last error) error {
	words := s.places.spec().LastLogLine()
	if errors.Is(last, persistent.ErrNotAttached) {
		return &fault.Error{
			Err:  fmt.Errorf("after %s %w", limit, last),
			Hint: "an agent with --dial-out needs a way from its host to the master: `sloth-runner master set --masters` says under which addresses",
		}
	}
	return fmt.Errorf("it does not answer on this host within %s: %w%s", limit, trust.Plain(last), words)
}

// answers connects to the agent as an operator does, with the agent's own certificate. An agent that listens on no port
// must be attached to its master instead.
func (s *setup) answers(ctx context.Context) error {
	config, err := persistent.LoadConfig(s.places.state)
	switch {
	case err != nil:
		return err
	case config.DialOut:
		return persistent.CheckAttached(s.places.state)
	case config.Listen == "":
		return nil
	}
	credentials, err := trust.LoadCredentials(s.places.state)
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, oneAnswer)
	defer stop()
	dialer := tls.Dialer{Config: trust.NewHolder(credentials).ClientConfig(credentials.Identity)}
	// An empty host in a dial address is this machine. This avoids the name localhost, which not every host has.
	conn, err := dialer.DialContext(ctx, "tcp", config.Listen)
	if err != nil {
		return fault.Plain(err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if _, err := io.WriteString(conn, hello2); err != nil {
		return fault.Plain(err)
	}
	var frame [9]byte
	if _, err := io.ReadFull(conn, frame[:]); err != nil {
		return fault.Plain(err)
	}
	if frame[3] != settingsFrame {
		return errors.New("what answers speaks no gRPC")
	}
	return nil
}
