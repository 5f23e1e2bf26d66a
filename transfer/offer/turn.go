package offer

import (
	"context"
	"sync"
	"time"

	"sloth-runner/transfer"
)

// stalledAfter is how long a host may take nothing before others get its turn among the uploads.
const stalledAfter = 5 * time.Second

// turn is a host's place among the uploads, while contents go to it. One goroutine uses it.
type turn struct {
	leave func()
	timer *time.Timer
}

// take waits for a turn.
func (t *turn) take(ctx context.Context, limits transfer.Limits) error {
	if limits == nil {
		return nil
	}
	leave, err := limits.Take(ctx)
	if err != nil {
		return err
	}
	t.leave = sync.OnceFunc(leave)
	t.timer = time.AfterFunc(stalledAfter, t.leave)
	return nil
}

// goesOn says that the host takes what it is sent.
func (t *turn) goesOn() {
	if t.timer != nil {
		t.timer.Reset(stalledAfter)
	}
}

// rest gives the turn back.
func (t *turn) rest() {
	if t.leave != nil {
		t.timer.Stop()
		t.leave()
		t.leave, t.timer = nil, nil
	}
}
