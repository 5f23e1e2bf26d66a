package client

import (
	"context"
	"math/rand/v2"
	"time"
)

// pauses are those between tries of one thing: they double from first to last. Each is shortened by up to a half by chance,
// so that agents whose master comes back don't come all at once.
type pauses struct {
	first, last time.Duration
	next        time.Duration
}

// take is how long to pause now.
func (p *pauses) take() time.Duration {
	p.next = min(max(p.next*2, p.first), p.last)
	return p.next/2 + rand.N(p.next/2+1)
}

// reset is for when something worked.
func (p *pauses) reset() { p.next = 0 }

// sleep returns false when ctx has ended. wake, which may be nil, ends it earlier.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) bool {
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
