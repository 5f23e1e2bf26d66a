package audit

import (
	"errors"
	"net"
	"net/netip"
	"path/filepath"
	"sync"
	"time"
)

// The files of a Trail. Rotated files have a number at the end.
const (
	doneFile    = "audit.jsonl"
	refusedFile = "refused.jsonl"
)

const (
	// window is how long refusals of one caller are counted before their number is written.
	window = time.Minute
	// maxCallers limits the callers that are counted separately in a window. All others are counted together.
	maxCallers = 100
)

// Trail keeps done and refused calls in separate files. A caller that is refused again and again can't rotate either
// file: of its refusals the first in each minute is written, and then their number. A Trail is safe for concurrent use,
// and must be closed.
type Trail struct {
	done, refused *Log
	failed        func(error)

	mu      sync.Mutex
	callers map[caller]*repeats
	timer   *time.Timer // nil when nothing is counted
	closed  bool
}

// caller is whose calls are refused: an identity at an address, or an address.
type caller struct {
	who     string
	address netip.Prefix
}

// repeats are refusals that are counted and not written yet.
type repeats struct {
	count int
	since time.Time
	last  Entry
}

// OpenTrail opens the files in a directory. It calls failed, from any goroutine, when later lines can't be written.
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

// Done writes an entry for a call that was made.
func (t *Trail) Done(e Entry) { t.write(t.done, e) }

// Refused writes an entry for a call that was refused, or counts it.
func (t *Trail) Refused(e Entry) {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	if t.isNew(e) {
		t.write(t.refused, e)
	}
}

// isNew reports whether an entry is written as a line of its own.
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

// flush writes the counts of a window.
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

// Close writes the counts and closes the files. It may be called more than once.
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

// callerOf leaves out what a caller can change for each call: its port, and the half of an IPv6 address that the
// machine chooses (RFC 4291, section 2.5.1).
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
