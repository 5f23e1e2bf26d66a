package sshclient

import (
	"context"
	"net"
	"time"

	"sloth-runner/internal/fault"
)

// way is what a connection goes through. The zero value is the network alone.
type way struct {
	// began is when the connection was begun, after what it had to wait for; the zero time: at once.
	began time.Time
	// lost waits a moment for the way's own end, and says why it came; nil: it has not.
	lost func() error
	// heard is what it has said besides, as an error ends with it; nil: it says nothing.
	heard func() string
}

// explain says what is known of the end of a connection.
func (w way) explain(err error) error {
	if w.lost != nil {
		if why := w.lost(); why != nil {
			return why
		}
	}
	return err
}

// open connects to a host, in the way that its options say: through the last of its jump hosts, a command, or TCP.
func (d *Dialer) open(ctx context.Context, host Host, permit *permit, tell teller) (net.Conn, way, error) {
	switch o := host.Settings; {
	case len(o.Jumps) > 0:
		return d.openThrough(ctx, host, permit, tell)
	case o.ProxyCommand != "":
		permit.open() // until the server has greeted: nothing else says that the command has reached it
		conn, way, err := startProxyCommand(host, tell)
		if err != nil {
			err = &fault.Error{Stage: fault.Connect, Host: host.Name, Err: err}
		}
		return conn, way, err
	}
	permit.open()
	conn, began, err := d.dialTCP(ctx, host)
	if err == nil {
		permit.arrive()
	}
	return conn, way{began: began}, err
}

// causeOr is why ctx ended, or err where it has not.
func causeOr(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// within is a context with a limit; 0: none.
func within(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, limit)
}
