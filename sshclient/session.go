package sshclient

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/pause"
)

// NewSession opens a session. Servers that allow one at a time may still be about to end the one before, which no message
// tells: they get a moment.
func (c *Client) NewSession(ctx context.Context) (*ssh.Session, error) {
	pauses := pause.Doubling(10*time.Millisecond, 2*closeTimeout)
	for {
		next := pauses.NextBackOff()
		session, err := c.link.NewSession()
		var refused *ssh.OpenChannelError
		switch {
		case err == nil:
			return session, nil
		case !errors.As(err, &refused):
			// All else that may come is the end of the connection.
			return nil, fmt.Errorf("open a session: %w", ErrClosed)
		case next > closeTimeout:
			return nil, fmt.Errorf("open a session: %w", fault.Plain(err))
		}
		if !pause.For(ctx, next) {
			return nil, context.Cause(ctx)
		}
	}
}

// SetEnv sends variables, each NAME=VALUE, as SetEnv in ssh_config(5) does. No answer is asked for: a server takes what its
// AcceptEnv allows, and ssh(1) does not mind either.
func SetEnv(session *ssh.Session, variables []string) error {
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		if _, err := session.SendRequest("env", false, ssh.Marshal(struct{ Name, Value string }{name, value})); err != nil {
			return err
		}
	}
	return nil
}
