package audit

import (
	"errors"
	"net"
	"net/netip"
	"path/filepath"
	"sync"
	"time"
)

// The files of a Trail in its directory. Older ones have a number at the end.
const (
	doneFile    = "audit.jsonl"
	refusedFile = "refused.jsonl"
)

const (
	// window is how long refusals of one caller are counted before a line says how many there were.
	window = time.Minute
	// maxCallers bounds the callers that have lines of their own in a window. All others share one.
	maxCallers = 100
)

// Trail keeps what was done and what was refused in files of their own: a caller that is refused without end turns over
// neither. Of the refusals of one caller the first of a minute is written, and then how many there were. It is safe for
// concurrent use, and must be closed.
type Trail struct {
	done, refused *Log
	failed        func(error)

	mu      sync.Mutex
	callers map[caller]*repeats
	timer   *time.Timer // nil: nothing is counted
	closed  bool
}

// caller is who is refused: an identity at a machine, or a machine.
type caller struct {
	who     string
	address netip.Prefix
}

// repeats are refusals that have no line yet.
type repeats struct {
	count int
	since time.Time
	last  Entry
}

// OpenTrail opens the trail in a directory. failed takes why lines could not be written later, from any goroutine.
func OpenTrail(dir string, failed func(error)) (*Trail, error) {
	done, err := Open(filepath.Join(dir, doneFile), 0, 0)
	if err != nil {
		return nil, err
	}
	refused, err := Open(filepath.Join(dir, refusedFile), 0, 0)
	if err != nil {
		return nil, errors.Join(err, done.Close())
	}
	return &Trail{done: done, refused: refused, failed: failed, callers: map[caller]*repeats{}}, nil
}

// Done writes what was done.
func (t *Trail) Done(e Entry) { t.write(t.done, e) }

// Refused writes that something was refused, or counts it.
func (t *Trail) Refused(e Entry) {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	if t.isNew(e) {
		t.write(t.refused, e)
	}
}

// isNew reports whether an entry has a line of its own.
func (t *Trail) isNew(e Entry) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return true
	}
	who := callerOf(e)
	r := t.callers[who]
	if r == nil && len(t.callers) >= maxCallers {
		who = caller{}
		r = t.callers[who]
	}
	if t.timer == nil {
		t.timer = time.AfterFunc(window, t.flush)
	}
	if r == nil {
		t.callers[who] = &repeats{}
		return true
	}
	if r.count == 0 {
		r.since = e.Time
	}
	r.count++
	r.last = e
	return false
}

// flush writes what was counted in a window.
func (t *Trail) flush() {
	for _, e := range t.counted() {
		t.write(t.refused, e)
	}
}

func (t *Trail) counted() (lines []Entry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for who, r := range t.callers {
		if r.count == 0 {
			continue
		}
		e := r.last
		if r.count > 1 {
			e.Count, e.Since = r.count, r.since.UTC()
		}
		if who == (caller{}) {
			e.Who, e.From = "other callers", ""
		}
		lines = append(lines, e)
	}
	clear(t.callers)
	t.timer = nil
	return lines
}

func (t *Trail) write(log *Log, e Entry) {
	if err := log.Write(e); err != nil && t.failed != nil {
		t.failed(err)
	}
}

// Close writes what was counted, and closes the files. It may be called more than once.
func (t *Trail) Close() error {
	t.mu.Lock()
	if t.timer != nil {
		t.timer.Stop()
	}
	closed := t.closed
	t.closed = true
	t.mu.Unlock()
	if !closed {
		t.flush()
	}
	return errors.Join(t.done.Close(), t.refused.Close())
}

// callerOf leaves out what a caller chooses anew each time: its port, and the half of an IPv6 address that is the machine's
// own (RFC 4291, section 2.5.1).
func callerOf(e Entry) caller {
	who := caller{who: e.Who}
	host, _, err := net.SplitHostPort(e.From)
	if err != nil {
		return who
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return who
	}
	address = address.Unmap().WithZone("")
	bits := 32
	if address.Is6() {
		bits = 64
	}
	who.address, _ = address.Prefix(bits) // these bits are valid for these addresses
	return who
}
