package sshclient

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// ErrClosed is the error of a connection that the other side has closed.
var ErrClosed = errors.New("the connection was closed")

// closeTimeout limits the wait for the end of the jump host or command of a closed connection. Its end has the cause.
const closeTimeout = 500 * time.Millisecond

// Client is an authenticated connection to a host. It must be closed.
type Client struct {
	link    *link
	permit  *permit
	alive   *watch
	closing atomic.Bool // set by Close: then the end needs no cause
}

// Close ends the connection and everything that was started on it.
func (c *Client) Close() error {
	c.closing.Store(true)
	c.permit.leave()
	err := c.link.Close()
	c.alive.end()
	return err
}

// Abort ends the connection: nothing else interrupts a call on it. The client must still be closed.
func (c *Client) Abort() { c.link.Close() }

// Admitted gives up the host's place in the window: the host is ready. It may be called again.
func (c *Client) Admitted() { c.permit.leave() }

// AdmitAgain waits for a new place in the window after Admitted. stages is how many stages the host will take.
func (c *Client) AdmitAgain(ctx context.Context, stages int) error {
	return c.permit.again(ctx, stages)
}

// Silence returns the time since the last byte came from the host.
func (c *Client) Silence() time.Duration { return c.link.wire.silence() }

// Times returns how long the stages took until the login.
func (c *Client) Times() Times { return c.link.wire.times }

// WrapCause returns the cause of the end of the connection in the place of ErrClosed, where it is known. Other errors, and the
// end by Close, stay as they are.
func (c *Client) WrapCause(err error) error {
	if !errors.Is(err, ErrClosed) || c.closing.Load() {
		return err
	}
	if why := c.alive.why(); why != nil {
		return why
	}
	return c.link.route.wrapCause(err)
}
