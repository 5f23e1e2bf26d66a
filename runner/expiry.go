package runner

import (
	"context"
	"sync"
	"time"
)

// expiry gives a host up when a limit has passed. Each pause of this process extends the limit, because what the host
// sent meanwhile is still to be read.
type expiry struct {
	limit  *limit
	pauses *pauses
	giveUp context.CancelCauseFunc

	mu      sync.Mutex
	timer   *time.Timer
	lost    time.Duration // the total of pauses that the timer knows of
	stopped bool
}

// expire starts the timer for a limit at from, when the pauses so far had the total length lost. The caller must stop it.
func expire(l *limit, from time.Time, lost time.Duration, p *pauses, giveUp context.CancelCauseFunc) *expiry {
	e := &expiry{limit: l, pauses: p, giveUp: giveUp, lost: lost}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.timer = time.AfterFunc(l.left(from), e.passed)
	return e
}

func (e *expiry) passed() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped {
		return
	}
	if total := e.pauses.total(); total > e.lost {
		e.timer.Reset(total - e.lost)
		e.lost = total
		return
	}
	e.giveUp(e.limit.cause)
}

func (e *expiry) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stopped = true
	e.timer.Stop()
}
