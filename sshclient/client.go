package sshclient

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// ErrClosed is of a connection that the other side has closed.
var ErrClosed = errors.New("the connection was closed")

// closeTimeout is how long to wait for the jump host or command of a closed connection, whose end gives the reason.
const closeTimeout = 500 * time.Millisecond

// Client is an authenticated connection to a host. It must be closed.
type Client struct {
	link    *link
	permit  *permit
	alive   *watch
	closing atomic.Bool // the end is our own
}

// Close ends the connection, and with it everything that was started on it.
func (c *Client) Close() error {
	c.closing.Store(true)
	c.permit.leave()
	err := c.link.Close()
	c.alive.end()
	return err
}

// Abort ends the connection, since nothing else interrupts what is under way on it. The client has still to be closed.
func (c *Client) Abort() { c.link.Close() }

// Admitted says that the host is ready: another may come in its place. It may be called again.
func (c *Client) Admitted() { c.permit.leave() }

// AdmitAgain waits for another place in the window of connecting hosts, after Admitted, for as many stages.
func (c *Client) AdmitAgain(ctx context.Context, stages int) error {
	return c.permit.again(ctx, stages)
}

// Silence is how long nothing has come from the host.
func (c *Client) Silence() time.Duration { return c.link.wire.silence() }

// Times are how long the stages took until the login.
func (c *Client) Times() Times { return c.link.wire.times }

// Explain says more of the end of the connection than ErrClosed does, where more is known; other errors, and the end by
// Close, stay as they are.
func (c *Client) Explain(err error) error {
	if !errors.Is(err, ErrClosed) || c.closing.Load() {
		return err
	}
	if why := c.alive.why(); why != nil {
		return why
	}
	return c.link.way.explain(err)
}
