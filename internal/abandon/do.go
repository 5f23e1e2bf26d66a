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
	result := new(outcome[T])
	err := c.do(ctx, deed{
		Call: work.Call, grace: work.Grace, interrupt: work.Interrupt,
		make: func() { result.value, result.err = work.Do() },
		release: func() {
			if work.Release != nil {
				work.Release(result.value, result.err)
			}
		},
	})
	if err != nil { // the call may still write its result
		var none T
		return none, err
	}
	return result.value, result.err
}

// outcome is what a call returned.
type outcome[T any] struct {
	value T
	err   error
}

// deed is a Work without the type of its result, so that do and wait exist once in a program.
type deed struct {
	Call
	grace     time.Duration
	interrupt func() // may be nil
	// make makes the call and keeps its result. release gets the result after the context has ended.
	make, release func()
}

// do makes the call. Without an error, the call has returned.
func (c *Caller) do(ctx context.Context, d deed) error {
	if err := c.refuse(d.Call); err != nil {
		return err
	}
	made := make(chan struct{})
	go func() {
		defer close(made)
		d.make()
	}()
	select {
	case <-made:
		return nil
	case <-ctx.Done():
	}
	if d.interrupt != nil {
		d.interrupt()
	}
	c.wait(d, made)
	return Left{context.Cause(ctx)}
}

// wait waits until the result is released or the grace time is over.
func (c *Caller) wait(d deed, made <-chan struct{}) {
	grace := d.grace
	if grace == 0 {
		grace = Grace
	}
	released, abandoned := make(chan struct{}), make(chan func(), 1)
	go func() {
		<-made
		d.release()
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
		abandoned <- c.leave(d.Call)
	}
}
