package abandon

import (
	"context"
	"time"
)

// Grace is how long a call is waited for after the context has ended: most come back at once.
const Grace = 250 * time.Millisecond

// Left is the error of a call whose context ended before it came back.
type Left struct{ Cause error }

// Error is that of the cause of the context's end.
func (l Left) Error() string { return l.Cause.Error() }

// Unwrap returns the cause.
func (l Left) Unwrap() error { return l.Cause }

// Work is a call into the system.
type Work[T any] struct {
	Call
	// Do makes the call. It shares nothing with its caller that either writes to.
	Do func() (T, error)
	// Interrupt, if set, is called when the context ends, and has Do come back where it can.
	Interrupt func()
	// Release, if set, takes the result of a call that comes back after the context has ended.
	Release func(T, error)
	// Grace is how long the call is waited for after that; 0: the constant Grace.
	Grace time.Duration
}

// Do makes the call and returns its result. When ctx ends first, the error is a Left, and the result goes to Release. The
// call is abandoned when that takes longer than its grace: a goroutine waits for it then, which has no other end.
func Do[T any](ctx context.Context, c *Caller, work Work[T]) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	if err := c.refuse(work.Call); err != nil {
		return none, err
	}
	results := make(chan result, 1)
	go func() {
		value, err := work.Do()
		results <- result{value, err}
	}()
	select {
	case r := <-results:
		return r.value, r.err
	case <-ctx.Done():
	}
	if work.Interrupt != nil {
		work.Interrupt()
	}
	wait(c, work, func() {
		if r := <-results; work.Release != nil {
			work.Release(r.value, r.err)
		}
	})
	return none, Left{context.Cause(ctx)}
}

// wait returns when release has, or when the grace is over.
func wait[T any](c *Caller, work Work[T], release func()) {
	grace := work.Grace
	if grace == 0 {
		grace = Grace
	}
	released, abandoned := make(chan struct{}), make(chan func(), 1)
	go func() {
		release()
		close(released)
		if returned, ok := <-abandoned; ok {
			returned()
		}
	}()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	defer close(abandoned)
	select {
	case <-released:
	case <-timer.C:
		abandoned <- c.leave(work.Call)
	}
}
