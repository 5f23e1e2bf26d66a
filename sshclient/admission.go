package sshclient

import (
	"context"
	"slices"
	"sync"
	"time"
)

// admission limits how many hosts are connected and not yet ready at the same time. Hosts share resources that the
// operator can't see: a jump host, a hypervisor, the processors of this machine. With all hosts at once each would delay
// the others until all had reached their limits. The algorithm is like TCP's slow start (RFC 5681, section 3.1). The
// window begins small. At first it grows by one for a host that greets at once, and by one for a host that is fast to be
// ready. When a host is slow, the window is halved; after that it grows by one for each window of fast hosts. The zero
// value is ready for use. Safe for concurrent use.
type admission struct {
	mu     sync.Mutex
	window int // how many hosts may connect at the same time; 0: firstWindow
	inside int // how many do
	queue  []chan struct{}
	// slowed is when the window was last halved, and fast the number of fast hosts since it last changed.
	slowed time.Time
	fast   int
}

const (
	firstWindow = 16
	leastWindow = 8
	// greetedWindow is the largest window that greetings alone can open.
	greetedWindow = 2 * firstWindow
	// openingTimeout: a host that has not answered at all for this long gives its place in the window to another.
	openingTimeout = 500 * time.Millisecond
	// Parts of the limit of one stage. A server greets at once when it took less than the first, besides a round trip. A host is
	// fast when all of its stages took less than the second, and slow when they did not take less than the third.
	greetPart, fastPart, slowPart = 100, 5, 2
	// usualLimit takes the place of a limit that is longer, or none.
	usualLimit = 10 * time.Second
)

// enter waits for a place in the window. The caller must leave the permit.
func (s *admission) enter(ctx context.Context, limit time.Duration) (*permit, error) {
	if limit <= 0 || limit > usualLimit {
		limit = usualLimit
	}
	if err := s.wait(ctx, false); err != nil {
		return nil, err
	}
	return &permit{of: s, limit: limit, stages: 1, counts: true}, nil
}

// wait waits for a place, before or behind all others in the queue.
func (s *admission) wait(ctx context.Context, beforeAll bool) error {
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

// withdraw leaves the queue, or gives back the place that was granted meanwhile.
func (s *admission) withdraw(admitted chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.queue, admitted); i >= 0 {
		s.queue = slices.Delete(s.queue, i, i+1)
		return
	}
	s.inside--
	s.admit()
}

// admit grants places to waiting hosts while there are any. The lock is held.
func (s *admission) admit() {
	if s.window == 0 {
		s.window = firstWindow
	}
	for s.inside < s.window && len(s.queue) > 0 {
		close(s.queue[0])
		s.queue = s.queue[1:]
		s.inside++
	}
}

// observe adjusts the window by how long a host took until it was ready. The lock is held.
func (s *admission) observe(took, limit time.Duration) {
	switch {
	case took >= limit/slowPart && time.Since(s.slowed) >= took:
		s.window, s.fast, s.slowed = max(s.window/2, leastWindow), 0, time.Now()
	case took < limit/fastPart:
		s.fast++
		if s.slowed.IsZero() || s.fast >= s.window {
			s.grow()
		}
	}
}

// grow enlarges the window by one, if hosts wait for it. The lock is held.
func (s *admission) grow() {
	if len(s.queue) > 0 {
		s.window++
		s.fast = 0
		s.admit()
	}
}

// permit is a host's place in the window. A nil permit is for connections without a limit.
type permit struct {
	of    *admission
	limit time.Duration // of one stage

	// The fields below are guarded by the lock of admission.
	stages  int // how many may take as long
	counts  bool
	opening bool
	left    bool
	began   time.Time // to open the connection
	arrived time.Time
}

// open marks the start of a connection to the host.
func (t *permit) open() {
	if t == nil {
		return
	}
	t.of.mu.Lock()
	t.opening, t.began = true, time.Now()
	t.of.mu.Unlock()
	time.AfterFunc(openingTimeout, t.stepAside)
}

// stepAside gives the place to another host while this one does not answer.
func (t *permit) stepAside() {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	if t.opening && t.counts && !t.left {
		t.counts = false
		t.of.inside--
		t.of.admit()
	}
}

// reenter marks that the jump host of the host is connected. A host that has stepped aside waits for a place again, before hosts
// that have not begun.
func (t *permit) reenter(ctx context.Context) error {
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

// arrive marks that the connection is open. The host counts from now on, even if that exceeds the window.
func (t *permit) arrive() {
	if t == nil {
		return
	}
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	t.count()
}

// count is arrive with the lock held.
func (t *permit) count() {
	t.opening, t.arrived = false, time.Now()
	if !t.counts && !t.left {
		t.counts = true
		t.of.inside++
	}
}

// greeted marks that the server has sent its banner.
func (t *permit) greeted() {
	if t == nil {
		return
	}
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	switch {
	case t.opening:
		t.count()
	case t.left || !t.of.slowed.IsZero() || t.of.window >= greetedWindow:
		// Hosts that are ready say more about the load: to greet is the least of the work.
	case time.Since(t.arrived)-t.arrived.Sub(t.began) < t.limit/greetPart:
		t.of.grow()
	}
}

// discount leaves out the time that was spent waiting for the user.
func (t *permit) discount(spent time.Duration) {
	if t == nil {
		return
	}
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	t.arrived = t.arrived.Add(spent)
}

// leave gives the place back: the host is ready or has failed. It may be called again.
func (t *permit) leave() {
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
		t.of.observe(time.Since(t.arrived), time.Duration(t.stages)*t.limit)
	}
	t.of.admit()
}

// again waits for a new place for the same host after leave, before hosts that have not begun. stages is how many stages the host
// will take.
func (t *permit) again(ctx context.Context, stages int) error {
	if err := t.of.wait(ctx, true); err != nil {
		return err
	}
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	t.stages, t.counts, t.left, t.arrived = stages, true, false, time.Now()
	return nil
}
