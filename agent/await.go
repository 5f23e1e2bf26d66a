//go:build !agent

package agent

import (
	"context"
	"errors"
	"time"

	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/trust/guard"
)

// Await calls the target's agent until it answers that it serves, or ctx ends; the error is then that of the last call. An
// agent that is another, or of another authority, is not called again: time changes nothing about that.
func (d Dialer) Await(ctx context.Context, target inventory.Target) error {
	for {
		err := d.Serves(ctx, target)
		if err == nil || wasRefused(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// wasRefused reports whether a certificate was refused, by either side, which trust.Plain says as an error with a hint. A
// connection that broke, or took too long, is none.
func wasRefused(err error) bool {
	var outer, inner *fault.Error
	return errors.As(err, &outer) && outer.Stage == fault.Authenticate && errors.As(outer.Err, &inner)
}

// Serves calls the target's agent, and returns nil if it answers that it serves.
func (d Dialer) Serves(ctx context.Context, target inventory.Target) error {
	conn, _, err := d.Connect(ctx, target, func(*proto.Event) {})
	if err != nil {
		return err
	}
	client, err := overConn(conn)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	defer client.Close()
	answer, err := healthpb.NewHealthClient(client).Check(ctx, &healthpb.HealthCheckRequest{})
	switch explained, ok := guard.Explain(err); {
	case err != nil && ok:
		return d.fail(target, fault.Answer, explained)
	case err != nil:
		return d.fail(target, fault.Answer, err)
	case answer.GetStatus() != healthpb.HealthCheckResponse_SERVING:
		return d.fail(target, fault.Answer, errors.New("it is stopping"))
	}
	return nil
}
