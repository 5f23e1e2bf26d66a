package agent

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sloth-runner/internal/fault"
)

// errStopping is why a run ends that was not at its end when the agent had to stop.
var errStopping = cancelled{"the agent was stopped"}

// admission decides whether another run may begin, and waits for those that have begun. The zero value admits all. It is
// safe for concurrent use.
type admission struct {
	mu      sync.Mutex
	runs    map[*admitted]struct{}
	closed  bool
	drained chan struct{} // closed when no run is left after closed was set
}

// admitted is a run that was let in.
type admitted struct{ cancel context.CancelCauseFunc }

// enter lets a run begin, or returns why not. limit bounds runs at the same time; 0: none. A run that was let in calls leave at
// its end.
func (a *admission) enter(limit int, cancel context.CancelCauseFunc) (leave func(), err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.closed:
		return nil, &fault.Error{Err: errors.New("the agent is stopping, and begins no more runs"), Temporary: true}
	case limit > 0 && len(a.runs) >= limit:
		return nil, &fault.Error{
			Err:       fmt.Errorf("the agent runs for %d operators already, which is its limit", limit),
			Hint:      "try again when one of them has ended; --max-runs of `sloth-runner agent start` sets the limit",
			Temporary: true,
		}
	}
	run := &admitted{cancel}
	if a.runs == nil {
		a.runs = map[*admitted]struct{}{}
	}
	a.runs[run] = struct{}{}
	return func() { a.leave(run) }, nil
}

func (a *admission) leave(run *admitted) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.runs, run)
	a.settle()
}

// settle notes that the last run has ended. The lock is held.
func (a *admission) settle() {
	if a.closed && len(a.runs) == 0 && a.drained != nil {
		close(a.drained)
		a.drained = nil
	}
}

// underWay is how many runs there are.
func (a *admission) underWay() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.runs)
}

// close lets no more runs begin, and returns how many there are.
func (a *admission) close() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	return len(a.runs)
}

// drain closes, waits until the runs have ended or grace or ctx has, and cancels the rest; it waits for them too, for as
// long as they take to kill what they started.
func (a *admission) drain(ctx context.Context, grace time.Duration) {
	a.mu.Lock()
	a.closed = true
	drained := make(chan struct{})
	a.drained = drained
	a.settle()
	a.mu.Unlock()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-drained:
		return
	case <-timer.C:
	case <-ctx.Done():
	}
	a.mu.Lock()
	for run := range a.runs {
		run.cancel(errStopping)
	}
	a.mu.Unlock()
	select {
	case <-drained:
	case <-time.After(KillGrace + StopLimit):
	}
}
