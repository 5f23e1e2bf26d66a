package sshclient

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
)

// link is an authenticated SSH connection.
type link struct {
	*ssh.Client
	wire *wire // under the client
	// route is what the connection goes through besides the network.
	route route
}

// dialWithRetry dials, and tries again after errors that may pass.
func (d *Dialer) dialWithRetry(ctx context.Context, host Host, permit *permit, notify notifier) (*link, error) {
	l, err := d.dialRepeatedly(ctx, host, permit, notify)
	if errors.Is(err, errKeptWaiting) {
		// The user has answered, and the answer is kept.
		l, err = d.dialRepeatedly(ctx, host, permit, notify)
	}
	var staged *fault.Error
	if err != nil && !errors.As(err, &staged) {
		// ctx ended during a pause.
		err = &fault.Error{Stage: fault.Connect, Host: host.Name, Err: err}
	}
	return l, err
}

// dialRepeatedly dials until the host is not busy any more.
func (d *Dialer) dialRepeatedly(ctx context.Context, host Host, permit *permit, notify notifier) (*link, error) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = 100 * time.Millisecond
	pauses.MaxInterval = 2 * time.Second
	return backoff.Retry(ctx, func() (*link, error) {
		l, err := d.dial(ctx, host, permit, notify)
		if err != nil && !fault.Temporary(err) {
			return nil, backoff.Permanent(err)
		}
		return l, err
	}, backoff.WithBackOff(pauses), backoff.WithMaxElapsedTime(retryFactor*d.limitOf(host)))
}

// dial connects to the host and authenticates. The limit is that of each stage.
func (d *Dialer) dial(ctx context.Context, host Host, permit *permit, notify notifier) (*link, error) {
	began := time.Now()
	conn, route, err := d.open(ctx, host, permit, notify)
	if err != nil {
		return nil, err
	}
	// Only closing the connection stops the handshake when ctx ends.
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	w := newWire(conn)
	w.permit = permit
	if !route.began.IsZero() {
		began = route.began
	}
	w.times.lap(fault.Connect, began)
	h := &handshake{dialer: d, host: host, wire: w, limit: d.limitOf(host), stage: fault.Handshake, route: route, notify: notify}
	client, err := h.run(ctx)
	if !stop() {
		if err == nil {
			client.Close()
		}
		err = &fault.Error{Stage: h.reached(), Host: host.Name, Err: context.Cause(ctx)}
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &link{Client: client, wire: w, route: route}, nil
}
