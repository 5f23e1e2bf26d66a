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
	// way is what the connection went through besides the network.
	way way
}

// dialWithRetry dials, and tries again after errors that may pass.
func (d *Dialer) dialWithRetry(ctx context.Context, host Host, permit *permit, tell teller) (*link, error) {
	l, err := d.dialAgain(ctx, host, permit, tell)
	if errors.Is(err, errKeptWaiting) {
		// What a person was asked is known now.
		l, err = d.dialAgain(ctx, host, permit, tell)
	}
	var staged *fault.Error
	if err != nil && !errors.As(err, &staged) {
		// ctx ended in a pause.
		err = &fault.Error{Stage: fault.Connect, Host: host.Name, Err: err}
	}
	return l, err
}

// dialAgain tries while the host is busy.
func (d *Dialer) dialAgain(ctx context.Context, host Host, permit *permit, tell teller) (*link, error) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = 100 * time.Millisecond
	pauses.MaxInterval = 2 * time.Second
	return backoff.Retry(ctx, func() (*link, error) {
		l, err := d.dial(ctx, host, permit, tell)
		if err != nil && !fault.Temporary(err) {
			return nil, backoff.Permanent(err)
		}
		return l, err
	}, backoff.WithBackOff(pauses), backoff.WithMaxElapsedTime(retryFactor*d.limitOf(host)))
}

// dial connects to the host and authenticates. Each stage has the limit for itself.
func (d *Dialer) dial(ctx context.Context, host Host, permit *permit, tell teller) (*link, error) {
	began := time.Now()
	conn, way, err := d.open(ctx, host, permit, tell)
	if err != nil {
		return nil, err
	}
	// Closing is what makes the handshake stop when ctx ends.
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	w := newWire(conn)
	w.permit = permit
	if !way.began.IsZero() {
		began = way.began
	}
	w.times.lap(fault.Connect, began)
	h := &handshake{dialer: d, host: host, wire: w, limit: d.limitOf(host), stage: fault.Handshake, way: way, tell: tell}
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
	return &link{Client: client, wire: w, way: way}, nil
}
