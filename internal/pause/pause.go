// Package pause waits between tries of one thing.
//
// Which pause is next is the business of github.com/cenkalti/backoff; this package says how those of Sloth Runner grow, and
// ends one when its context does.
package pause

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// For waits for d; false: ctx has ended before.
func For(ctx context.Context, d time.Duration) bool { return Until(ctx, d, nil) }

// Until waits for d, or until wake has something or is closed; false: ctx has ended before.
func Until(ctx context.Context, d time.Duration, wake <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-timer.C:
	}
	return true
}

// Doubling returns pauses that double from first to last. Each is shortened by up to a half by chance, so that many who wait
// for the same thing don't come at the same moment. It is not safe for concurrent use.
func Doubling(first, last time.Duration) *backoff.ExponentialBackOff {
	// A pause is three quarters of its length, and up to a third of that more or less: from a half of it to all of it.
	pauses := &backoff.ExponentialBackOff{
		InitialInterval: first * 3 / 4, MaxInterval: last * 3 / 4, Multiplier: 2, RandomizationFactor: 1.0 / 3,
	}
	pauses.Reset()
	return pauses
}
