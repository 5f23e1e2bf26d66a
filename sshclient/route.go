package sshclient

import (
	"context"
	"net"
	"time"

	"sloth-runner/internal/fault"
)

// route is what a connection goes through. The zero value is the network alone.
type route struct {
	// began is when dialling began, after the wait for a lookup; the zero time: there was no wait.
	began time.Time
	// lost waits up to closeTimeout for the end of the jump host or the command, and returns its cause; nil: it has not ended.
	lost func() error
	// said returns the command's standard error, for the end of an error; nil: there is no command.
	said func() string
}

// wrapCause returns the cause of the end of a connection where the route knows it, and else err.
func (r route) wrapCause(err error) error {
	if r.lost != nil {
		if why := r.lost(); why != nil {
			return why
		}
	}
	return err
}

// open connects to a host by the route of its options: through the last of its jump hosts, by a command, or by TCP.
func (d *Dialer) open(ctx context.Context, host Host, permit *permit, notify notifier) (net.Conn, route, error) {
	switch o := host.Settings; {
	case len(o.Jumps) > 0:
		return d.openThrough(ctx, host, permit, notify)
	case o.ProxyCommand != "":
		permit.open() // until the server's identification comes: nothing else shows that the command has reached it
		conn, route, err := startProxyCommand(host, notify)
		if err != nil {
			err = &fault.Error{Stage: fault.Connect, Host: host.Name, Err: err}
		}
		return conn, route, err
	}
	permit.open()
	conn, began, err := d.dialTCP(ctx, host)
	if err == nil {
		permit.arrive()
	}
	return conn, route{began: began}, err
}

// causeOr returns the cause of the end of ctx, or err when ctx has not ended.
func causeOr(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// within returns a context with a limit; 0: none.
func within(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, limit)
}
