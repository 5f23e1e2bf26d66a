package agent

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sloth-runner/agent/process"
	"sloth-runner/internal/fault"
)

// errStopping is the cause for runs that are cancelled because the agent has to stop.
var errStopping = cancelled{"the agent was stopped"}

// admission decides whether a new run may begin, and waits for the runs that have begun. The zero value admits all runs.
// It is safe for concurrent use.
type admission struct {
	mu      sync.Mutex
	runs    map[*admitted]struct{}
	closed  bool
	drained chan struct{} // closed when no run is left after closed was set
}

// admitted is a run that has begun.
type admitted struct{ cancel context.CancelCauseFunc }

// enter admits a run, or returns why it may not begin. limit is the maximum number of concurrent runs; 0: no limit. The
// caller must call leave when the run has ended.
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

// settle closes drained when no run is left after close. The caller holds the lock.
func (a *admission) settle() {
	if a.closed && len(a.runs) == 0 && a.drained != nil {
		close(a.drained)
		a.drained = nil
	}
}

// underWay returns how many runs there are.
func (a *admission) underWay() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.runs)
}

// close admits no more runs, and returns how many there are.
func (a *admission) close() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	return len(a.runs)
}

// drain admits no more runs and waits for those that there are. When grace has passed or ctx ends, it cancels them and
// waits until they have killed their processes.
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
	case <-time.After(process.KillGrace + StopLimit):
	}
}
