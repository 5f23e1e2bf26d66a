package abandon

import (
	"context"
	"time"
)

// Grace is how long Do waits for a call after the context has ended. Most calls return at once.
const Grace = 250 * time.Millisecond

// Left is the error of a call whose context ended before the call returned.
type Left struct{ Cause error }

// Error returns the text of the cause.
func (l Left) Error() string { return l.Cause.Error() }

// Unwrap returns the cause.
func (l Left) Unwrap() error { return l.Cause }

// Work is a system call with its cleanup.
type Work[T any] struct {
	Call
	// Do makes the call. It must not share data with the caller that either of them writes.
	Do func() (T, error)
	// Interrupt, if set, is called when the context ends. It makes Do return early, if it can.
	Interrupt func()
	// Release, if set, gets the result of a call that returns after the context has ended.
	Release func(T, error)
	// Grace is how long Do waits for the call after the context has ended; 0 stands for the constant Grace.
	Grace time.Duration
}

// Do makes the call and returns its result. When ctx ends first, it returns a Left error, and the result goes to
// Release. When the call has not returned after the grace time, it is abandoned: its goroutine waits until it returns,
// which may be never.
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

// wait waits until release has returned or the grace time is over.
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
