// Package pause waits between retries.
//
// github.com/cenkalti/backoff computes the pauses; this package has the settings for Sloth Runner, and ends a pause
// with its context.
package pause

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// For waits for d. It returns false when ctx ends before.
func For(ctx context.Context, d time.Duration) bool { return Until(ctx, d, nil) }

// Until waits for d, or until wake receives or is closed. It returns false when ctx ends before.
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

// Doubling returns pauses that double from first to last. It is not safe for concurrent use.
func Doubling(first, last time.Duration) *backoff.ExponentialBackOff {
	pauses := &backoff.ExponentialBackOff{InitialInterval: first, MaxInterval: last, Multiplier: 2}
	pauses.Reset()
	return pauses
}

// Scattered returns pauses that double from first to last. Each is shortened by a random part of up to a half, so that
// many clients don't retry at the same moment. It is not safe for concurrent use.
func Scattered(first, last time.Duration) *backoff.ExponentialBackOff {
	// A pause is three quarters of its length, and up to a third of that more or less: from a half of it to all of it.
	pauses := &backoff.ExponentialBackOff{
		InitialInterval: first * 3 / 4, MaxInterval: last * 3 / 4, Multiplier: 2, RandomizationFactor: 1.0 / 3,
	}
	pauses.Reset()
	return pauses
}
