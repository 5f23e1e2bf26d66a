package runner

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// pauseTick is how often the clock is looked at.
	pauseTick = time.Second
	// leastPause is the shortest time without a look that is called a pause.
	leastPause = 5 * time.Second
	// pauseEffect is how long after a pause a link may break because of it.
	pauseEffect = 30 * time.Second
)

// pauses notes when this process did not run: it was stopped, as with Ctrl-Z, or the machine slept. Agents don't wait for
// long. Safe for concurrent use.
type pauses struct {
	now func() time.Time
	// seen has room for one: there was a pause of which nothing was said yet.
	seen chan struct{}

	mu     sync.Mutex
	looked time.Time
	// ran is when the last look was by the clock of timers, and lost all the time of pauses by that clock.
	ran  time.Time
	lost time.Duration
	// ended is when the last pause did, length how long that was; said: a person knows of it.
	ended  time.Time
	length time.Duration
	said   bool
}

func newPauses(now func() time.Time) *pauses {
	return &pauses{now: now, seen: make(chan struct{}, 1), looked: wallClock(now()), ran: time.Now()}
}

// wallClock is the time without the monotonic clock, which stands still while a machine sleeps.
func wallClock(t time.Time) time.Time { return t.Round(0) }

// watch looks at the clock until ctx ends.
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

// look notes a pause when the last look is long ago.
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

// total returns how long timers went on in which this process did not run. What came for it meanwhile is still to be read.
func (p *pauses) total() time.Duration {
	p.look()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

// unsaid returns the length of the last pause, once; 0: there is none of which nothing was said.
func (p *pauses) unsaid() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.said {
		return 0
	}
	p.said = true
	return p.length
}

// pauseText is what a person should know of a pause.
func pauseText(length time.Duration) string {
	return fmt.Sprintf("this program did not run for %v: it was stopped, or the machine slept; an agent that waited for it ends what it runs", length)
}

// explain adds to the reason why a link broke that this side is it, if there was a pause just before.
func (p *pauses) explain(err error) error {
	p.look()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.length == 0 || wallClock(p.now()).Sub(p.ended) > pauseEffect {
		return err
	}
	return fmt.Errorf("%w; this program did not run for %v before that", err, p.length)
}
