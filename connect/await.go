package connect

import (
	"context"
	"errors"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/pause"
	"sloth-runner/inventory"
)

// Await calls the target's agent until it answers that it serves, or ctx ends; the error is then that of the last call. An
// agent that is another, or of another authority, is not called again: time changes nothing about that.
func (d Dialer) Await(ctx context.Context, target inventory.Target) error {
	for {
		err := d.Serves(ctx, target)
		if err == nil || wasRefused(err) {
			return err
		}
		if !pause.For(ctx, 200*time.Millisecond) {
			return err
		}
	}
}

// wasRefused reports whether a certificate was refused, by either side, which trust.Plain says as an error with a hint. A
// connection that broke, or took too long, is none.
func wasRefused(err error) bool {
	var outer, inner *fault.Error
	return errors.As(err, &outer) && outer.Stage == fault.Authenticate && errors.As(outer.Err, &inner)
}
