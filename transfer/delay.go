package transfer

import "time"

// memory is how long a measured delay counts at the least: routes change.
const memory = time.Minute

// baseDelay is the least delay that was measured lately, which is that of the link without a queue.
type baseDelay struct {
	since           time.Time
	current, before time.Duration
	measured        bool
}

// add takes a measurement. forgot says that the oldest ones do not count any more.
func (b *baseDelay) add(now time.Time, delay time.Duration) (forgot bool) {
	switch {
	case !b.measured:
		b.since, b.current, b.before, b.measured = now, delay, delay, true
	case now.Sub(b.since) > memory:
		b.since, b.before, b.current = now, b.current, delay
		forgot = true
	default:
		b.current = min(b.current, delay)
	}
	return forgot
}

func (b *baseDelay) least() time.Duration { return min(b.current, b.before) }
