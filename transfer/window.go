package transfer

import (
	"context"
	"sync"
	"time"
)

const (
	// TargetDelay is the queue that a window may cause on its link.
	TargetDelay = 100 * time.Millisecond
	// MaxWindow bounds what is on its way, and so what the receiving end may have to keep. The windows of gRPC are larger.
	MaxWindow = 6 << 20

	// firstWindow takes an eighth of a second on a link of 1 Mbit/s.
	firstWindow = 16 << 10
	minWindow   = 8 << 10
	minChunk    = 4 << 10

	// goalDelay is the queue that the window settles at: less than the target, for measurements are noisy.
	goalDelay = TargetDelay * 3 / 4
	// startGrowth and growth are the largest factors for one round trip, at the start and later.
	startGrowth, growth = 8.0, 1.25
	// caution is for what a measurement lacks: the first of four pieces, and all that is not steady.
	caution = 0.6
	// idleAfter is how long nothing is sent before what was measured of the link counts less.
	idleAfter = time.Second
)

// Window bounds what one sender has on its way, so that its queue on the link delays others by little more than TargetDelay.
// Safe for concurrent use.
type Window struct {
	mu   sync.Mutex
	size float64
	// sent and taken are bytes since the beginning; marks are what was sent and not taken yet.
	sent, taken uint64
	marks       []mark
	lastSent    time.Time
	base        baseDelay
	// full is the size that the window had when it was last used to its limit.
	full float64
	// starting says that the window grows fast, because the link's rate is not known yet.
	starting bool
	round    round
	// resume is the size before the window was made small to measure the link without a queue; 0: it was not.
	resume float64
	// changed is closed and replaced when there is more room.
	changed chan struct{}
}

// mark is when the bytes up to end were sent.
type mark struct {
	end uint64
	at  time.Time
}

// round is what is measured of the pieces that are sent from one change of the window on, until all that it made room for was taken.
type round struct {
	start, end uint64
	least, max time.Duration
	measured   bool
	// limited says that the sender would have sent more.
	limited bool
}

// NewWindow returns the window of a link of which nothing is known.
func NewWindow() *Window {
	return &Window{size: firstWindow, starting: true, changed: make(chan struct{})}
}

// Chunk is how large the next piece should be, so that several of them fill the window.
func (w *Window) Chunk() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return min(max(int(w.size/4), minChunk), MaxChunk)
}

// Reserve waits until n bytes may be sent, and counts them as sent. A piece that is larger than the window goes alone.
func (w *Window) Reserve(ctx context.Context, n int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for !w.hasRoom(n) {
		w.round.limited = true
		changed := w.changed
		w.mu.Unlock()
		var err error
		select {
		case <-changed:
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		w.mu.Lock()
		if err != nil {
			return err
		}
	}
	now := time.Now()
	if w.sent == w.taken {
		w.restart(now)
	}
	w.sent += uint64(n)
	w.lastSent = now
	w.marks = append(w.marks, mark{w.sent, now})
	return nil
}

func (w *Window) hasRoom(n int) bool {
	onWay := w.sent - w.taken
	return onWay == 0 || float64(onWay)+float64(n) <= w.size
}

// restart begins where nothing is on its way. All of a window at once would be a burst into an empty link, and longer in its queue than what
// follows the other end's answers: it begins with what the queue may have, and less when the link was not used for a while.
func (w *Window) restart(now time.Time) {
	idle := !w.lastSent.IsZero() && now.Sub(w.lastSent) > idleAfter
	// While the window is starting, all of it was sent at once before, and was not long in the queue.
	if w.resume == 0 && (idle || !w.starting) {
		w.full = max(w.full, w.size)
		if idle {
			w.full /= 4
		}
		w.size = max(firstWindow, w.full*goalDelay.Seconds()/(w.base.least()+goalDelay).Seconds())
		w.starting = true
	}
	w.begin(w.size)
}

// begin begins a round in which the window has room for so many bytes at once.
func (w *Window) begin(room float64) {
	w.round = round{start: w.sent, end: w.sent + uint64(max(room, 1))}
}

// OnWay is how many bytes were sent and not taken.
func (w *Window) OnWay() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sent - w.taken
}

// Taken says that the other end has taken so many bytes in all.
func (w *Window) Taken(total uint64) error {
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	if total > w.sent || total < w.taken {
		return Broken("it took %d bytes of %d, after %d", total, w.sent, w.taken)
	}
	w.taken = total
	passed := 0
	for passed < len(w.marks) && w.marks[passed].end <= total {
		passed++
	}
	if passed > 0 {
		last := w.marks[passed-1]
		w.marks = w.marks[passed:]
		w.observe(now, now.Sub(last.at), last.end)
	}
	close(w.changed)
	w.changed = make(chan struct{})
	return nil
}

// observe takes one more measurement: how long the piece that ends there was on its way.
func (w *Window) observe(now time.Time, delay time.Duration, end uint64) {
	if w.base.add(now, delay) && w.resume == 0 {
		// What was measured long ago is forgotten: the link is measured anew without a queue of ours.
		w.resume, w.size = w.size, minWindow
		w.begin(w.size)
		return
	}
	if end <= w.round.start {
		return // it was sent before the window changed
	}
	queue := delay - w.base.least()
	w.round.add(queue)
	switch {
	case queue > TargetDelay && w.resume == 0:
		w.starting = false
		w.scale((w.base.least() + TargetDelay).Seconds() / (w.base.least() + queue).Seconds())
	case w.taken >= w.round.end:
		w.endRound()
	}
}

func (r *round) add(queue time.Duration) {
	if !r.measured || queue < r.least {
		r.least = queue
	}
	r.max = max(r.max, queue)
	r.measured = true
}

// endRound sets the window by what was measured.
func (w *Window) endRound() {
	done := w.round
	switch {
	case w.resume > 0:
		factor := w.resume / 2 / w.size
		w.resume = 0
		w.size *= factor
		w.begin(w.size)
	case !done.limited:
		w.begin(0)
	case w.starting:
		w.scale(w.startFactor(done))
	default:
		// The least is what waits all the time; the rest comes from pieces that were sent at once.
		base := w.base.least() + time.Nanosecond
		w.scale(min(growth, (base+goalDelay).Seconds()/(base+done.least).Seconds()))
	}
}

// startFactor is by how much the window may grow while the rate of the link is not known. What it made room for was sent at once, so the
// last piece of that waited for all others: more at once waits longer in proportion.
func (w *Window) startFactor(done round) float64 {
	if done.max <= 0 {
		return startGrowth
	}
	if done.max > goalDelay/2 {
		w.starting = false
		return 1
	}
	room := float64(done.end-done.start) * goalDelay.Seconds() / done.max.Seconds() * caution
	return min(startGrowth, 1+room/w.size)
}

// scale changes the window, and begins a round that measures what comes of it.
func (w *Window) scale(factor float64) {
	w.size = min(max(w.size*max(factor, 0.5), minWindow), MaxWindow)
	w.full = w.size
	w.begin(w.size - float64(w.sent-w.taken))
}
