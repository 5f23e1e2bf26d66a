package sshclient

import (
	"context"
	"slices"
	"sync"
	"time"
)

// slowStart bounds how many hosts are on their way in at once: connected, and not yet ready. Hosts share what nobody
// tells of, as a jump host, a hypervisor or the processors of this machine; where that is too little for all at once, each
// would hold up the others until all had reached their limits. As TCP does (RFC 5681, section 3.1), it begins with a
// number that everything bears, and goes on from what it sees: at first a host that greets at once lets another come
// besides, and one that is ready soon lets two come in its place. When the first took long there are half as many, and
// from then on one more whenever as many as there are were ready soon. The zero value is ready; safe for concurrent use.
type slowStart struct {
	mu     sync.Mutex
	window int // how many may be on their way; 0: firstWindow
	inside int // how many are
	queue  []chan struct{}
	// slowed is when there were last made fewer, and soon how many were ready soon since there were made more.
	slowed time.Time
	soon   int
}

const (
	firstWindow = 16
	leastWindow = 8
	// greetedWindow is how far greetings alone open it.
	greetedWindow = 2 * firstWindow
	// openingPatience is after how long a host does not count that does not answer at all: it keeps nothing busy.
	openingPatience = 500 * time.Millisecond
	// Parts of the limit of one stage. A server greets at once if that took less than the first, besides the way there and
	// back; all stages of a host together were soon, or long, if they took less than the second, or not less than the third.
	oncePart, soonPart, longPart = 100, 5, 2
	// usualLimit takes the place of a limit that is longer, or none.
	usualLimit = 10 * time.Second
)

// enter waits until one more host may come. The turn has to be left.
func (s *slowStart) enter(ctx context.Context, limit time.Duration) (*turn, error) {
	if limit <= 0 || limit > usualLimit {
		limit = usualLimit
	}
	if err := s.wait(ctx, false); err != nil {
		return nil, err
	}
	return &turn{of: s, limit: limit, stages: 1, counts: true}, nil
}

// wait waits for room, before all others or after them.
func (s *slowStart) wait(ctx context.Context, beforeAll bool) error {
	admitted := make(chan struct{})
	s.mu.Lock()
	if beforeAll {
		s.queue = slices.Insert(s.queue, 0, admitted)
	} else {
		s.queue = append(s.queue, admitted)
	}
	s.admit()
	s.mu.Unlock()
	select {
	case <-admitted:
		return nil
	case <-ctx.Done():
		s.withdraw(admitted)
		return context.Cause(ctx)
	}
}

// withdraw takes back a wish to enter, that may have been granted just now.
func (s *slowStart) withdraw(admitted chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.queue, admitted); i >= 0 {
		s.queue = slices.Delete(s.queue, i, i+1)
		return
	}
	s.inside--
	s.admit()
}

// admit lets in who waits, as far as there is room. The lock is held.
func (s *slowStart) admit() {
	if s.window == 0 {
		s.window = firstWindow
	}
	for s.inside < s.window && len(s.queue) > 0 {
		close(s.queue[0])
		s.queue = s.queue[1:]
		s.inside++
	}
}

// judge learns from how long a host took. The lock is held.
func (s *slowStart) judge(took, limit time.Duration) {
	switch {
	case took >= limit/longPart && time.Since(s.slowed) >= took:
		s.window, s.soon, s.slowed = max(s.window/2, leastWindow), 0, time.Now()
	case took < limit/soonPart:
		s.soon++
		if s.slowed.IsZero() || s.soon >= s.window {
			s.grow()
		}
	}
}

// grow makes room for one more. The lock is held. A window that nobody waits for says nothing of a larger one.
func (s *slowStart) grow() {
	if len(s.queue) > 0 {
		s.window++
		s.soon = 0
		s.admit()
	}
}

// turn is the way in of one host. A nil turn is one that no bound is kept for.
type turn struct {
	of    *slowStart
	limit time.Duration // of one stage

	// What follows is guarded by the lock of slowStart.
	stages  int // how many may take as long
	counts  bool
	opening bool
	left    bool
	began   time.Time // to open the connection
	arrived time.Time
}

// open begins to open a connection to the host.
func (t *turn) open() {
	if t == nil {
		return
	}
	t.of.mu.Lock()
	t.opening, t.began = true, time.Now()
	t.of.mu.Unlock()
	time.AfterFunc(openingPatience, t.stepAside)
}

// stepAside lets another come while this host does not answer.
func (t *turn) stepAside() {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	if t.opening && t.counts && !t.left {
		t.counts = false
		t.of.inside--
		t.of.admit()
	}
}

// back ends the opening of what the host is reached through. A host that has stepped aside meanwhile waits for room, before
// those that have not begun: whatever it stood before has others behind it that come now, too.
func (t *turn) back(ctx context.Context) error {
	if t == nil {
		return nil
	}
	t.of.mu.Lock()
	t.opening = false
	counts := t.counts
	t.of.mu.Unlock()
	if counts {
		return nil
	}
	if err := t.of.wait(ctx, true); err != nil {
		return err
	}
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	t.counts = true
	return nil
}

// arrive says that the connection is open: the host counts from now on, even if it is one too many.
func (t *turn) arrive() {
	if t == nil {
		return
	}
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	t.count()
}

// count is arrive. The lock is held.
func (t *turn) count() {
	t.opening, t.arrived = false, time.Now()
	if !t.counts && !t.left {
		t.counts = true
		t.of.inside++
	}
}

// greeted is called when the server has greeted.
func (t *turn) greeted() {
	if t == nil {
		return
	}
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	switch {
	case t.opening:
		t.count()
	case t.left || !t.of.slowed.IsZero() || t.of.window >= greetedWindow:
		// More is known from hosts that are ready: to greet is the least of the work.
	case time.Since(t.arrived)-t.arrived.Sub(t.began) < t.limit/oncePart:
		t.of.grow()
	}
}

// excuse leaves out a time that was spent on something else than the host.
func (t *turn) excuse(spent time.Duration) {
	if t == nil {
		return
	}
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	t.arrived = t.arrived.Add(spent)
}

// leave ends the turn: the host is ready, or will not be. It may be called again.
func (t *turn) leave() {
	if t == nil {
		return
	}
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	if t.left {
		return
	}
	t.left = true
	if t.counts {
		t.of.inside--
	}
	if !t.opening && !t.arrived.IsZero() {
		t.of.judge(time.Since(t.arrived), time.Duration(t.stages)*t.limit)
	}
	t.of.admit()
}

// again is another turn of the same host, after it was left, for what may take so many stages. It goes before those that
// have not begun.
func (t *turn) again(ctx context.Context, stages int) error {
	if err := t.of.wait(ctx, true); err != nil {
		return err
	}
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	t.stages, t.counts, t.left, t.arrived = stages, true, false, time.Now()
	return nil
}
