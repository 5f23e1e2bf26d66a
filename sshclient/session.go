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

// NewSession opens a session. A server that allows one session at a time may not have ended the last one yet, and no message
// announces its end: NewSession tries again for closeTimeout.
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
			// Every other error means that the connection has ended.
			return nil, fmt.Errorf("open a session: %w", ErrClosed)
		case next > closeTimeout:
			return nil, fmt.Errorf("open a session: %w", fault.Plain(err))
		}
		if !pause.For(ctx, next) {
			return nil, context.Cause(ctx)
		}
	}
}

// SetEnv sends variables, each NAME=VALUE, as SetEnv in ssh_config(5) does. It asks for no answer, as ssh(1): a server takes
// what its AcceptEnv allows.
func SetEnv(session *ssh.Session, variables []string) error {
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		if _, err := session.SendRequest("env", false, ssh.Marshal(struct{ Name, Value string }{name, value})); err != nil {
			return err
		}
	}
	return nil
}
