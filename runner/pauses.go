package runner

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// pauseTick is the interval at which the clock is read.
	pauseTick = time.Second
	// leastPause is the shortest gap between two readings that counts as a pause.
	leastPause = 5 * time.Second
	// pauseEffect is how long after a pause it may be the reason why a connection breaks.
	pauseEffect = 30 * time.Second
)

// pauses detects when this process did not run: it was stopped, as with Ctrl-Z, or the machine slept. Agents end a run
// when their operator is silent for long. Safe for concurrent use.
type pauses struct {
	now func() time.Time
	// seen has room for one: there was a pause without a notice.
	seen chan struct{}

	mu     sync.Mutex
	looked time.Time
	// ran is the time of the last reading by the clock of timers; lost is the total length of pauses by that clock.
	ran  time.Time
	lost time.Duration
	// ended is the end of the last pause and length its length; said: it had a notice.
	ended  time.Time
	length time.Duration
	said   bool
}

func newPauses(now func() time.Time) *pauses {
	return &pauses{now: now, seen: make(chan struct{}, 1), looked: wallClock(now()), ran: time.Now()}
}

// wallClock returns the time without the monotonic reading, which stands still while a machine sleeps.
func wallClock(t time.Time) time.Time { return t.Round(0) }

// watch reads the clock at intervals until ctx ends.
func (p *pauses) watch(ctx context.Context) {
	ticker := time.NewTicker(pauseTick)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			p.look()
		case <-ctx.Done():
			return
		}
	}
}

// look reads the clock, and records a pause when the last reading is long ago.
func (p *pauses) look() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, running := wallClock(p.now()), time.Now()
	length, stopped := now.Sub(p.looked), running.Sub(p.ran)
	p.looked, p.ran = now, running
	if stopped >= leastPause {
		p.lost += stopped
	}
	if length < leastPause {
		return
	}
	p.ended, p.length, p.said = now, length.Round(time.Second), false
	select {
	case p.seen <- struct{}{}:
	default:
	}
}

// total returns how long timers ran while this process did not. What was sent to it meanwhile is still to be read.
func (p *pauses) total() time.Duration {
	p.look()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

// unsaid returns the length of the last pause, once; 0: there is none, or it had its notice.
func (p *pauses) unsaid() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.said {
		return 0
	}
	p.said = true
	return p.length
}

// pauseText is the text of the notice about a pause.
func pauseText(length time.Duration) string {
	return fmt.Sprintf("this program did not run for %v: it was stopped, or the machine slept; an agent that waited for it ends what it runs", length)
}

// wrapCause adds to the error of a broken connection that this process was paused, if there was a pause shortly before.
func (p *pauses) wrapCause(err error) error {
	p.look()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.length == 0 || wallClock(p.now()).Sub(p.ended) > pauseEffect {
		return err
	}
	return fmt.Errorf("%w; this program did not run for %v before that", err, p.length)
}
