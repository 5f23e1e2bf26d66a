package bootstrap

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"sloth-runner/internal/fault"
)

const (
	// uploadPiece is what a host has to take of an upload within pieceFactor times Timeout, in bytes. It is what one
	// request of SFTP carries.
	uploadPiece = 32 << 10
	pieceFactor = 4
	// inFlight is how much of an upload may be on its way when all of it was handed over: OpenSSH's window.
	inFlight = 2 << 20
	// slowUpload is the speed, in bytes a second, below which an upload gives up its place to others.
	slowUpload = 16 << 10
	// placeWindow is how long the speed is measured, at most. What has not begun has the limit for that.
	placeWindow = 3 * time.Second
)

// meter measures what a host takes of an upload. That it is heard is not enough: it could answer, and take nothing.
type meter struct {
	pace  *pace
	limit time.Duration // 0: none
	total int
	taken atomic.Int64 // bytes
	last  atomic.Int64 // when it last took something, in Unix nanoseconds
	// handed says that all was handed over; piped: to a command, which does not say what it has taken until the end.
	handed, piped atomic.Bool
}

func newMeter(pace *pace, limit time.Duration, total int) *meter {
	m := &meter{pace: pace, limit: limit, total: total}
	m.last.Store(time.Now().UnixNano())
	return m
}

// moved notes that the host takes so many bytes more; all: there are no more.
func (m *meter) moved(n int, all bool) {
	m.taken.Add(int64(n))
	m.last.Store(time.Now().UnixNano())
	m.handed.Store(all)
}

// stalled reports whether the host has taken less than it has to.
func (m *meter) stalled() bool {
	allowed := pieceFactor * m.limit
	if m.handed.Load() && m.piped.Load() {
		allowed += m.limit * time.Duration(min(m.total, inFlight)/uploadPiece)
	}
	return min(time.Since(time.Unix(0, m.last.Load())), m.pace.silence()) >= allowed
}

// watch cancels an upload when the host is silent for the limit, or takes too little of it; and lets others in its place
// when it is slow. An upload that proceeds is answered all the time, by SFTP's replies or SSH's windows: on a slow link
// long after the last byte was handed over to be sent. While this side holds back, the host has nothing to say.
func (m *meter) watch(ctx context.Context, silence func() time.Duration, cancel context.CancelCauseFunc, leave func()) {
	window := placeWindow
	if m.limit > 0 {
		window = min(window, m.limit)
	}
	begin := time.Now()
	for since := m.mark(); ; {
		select {
		case <-time.After(window / 4):
		case <-ctx.Done():
			return
		}
		if m.limit > 0 && min(silence(), time.Since(begin), m.pace.silence()) >= m.limit {
			cancel(errNoProgress)
			return
		}
		if m.limit > 0 && m.stalled() {
			cancel(m.tooSlow())
			return
		}
		now := m.mark()
		if now.taken == 0 && time.Since(begin) < m.limit {
			since = now
		}
		if now.at-since.at >= int64(window) {
			if now.isSlow(since) {
				leave()
			}
			since = now
		}
	}
}

func (m *meter) tooSlow() error {
	return &fault.Error{
		Err: fmt.Errorf("the host took %d of %d kB, and then less than %d kB in %s",
			min(m.taken.Load(), int64(m.total))>>10, m.total>>10, uploadPiece>>10, pieceFactor*m.limit),
		Hint: "the host's disk or the network to it may be overloaded; --connect-timeout gives it longer",
	}
}

// mark is how far an upload was at a time.
type mark struct{ at, waited, taken int64 }

func (m *meter) mark() mark {
	return mark{time.Now().UnixNano(), m.pace.waited.Load(), m.taken.Load()}
}

// isSlow reports whether less was taken since then than a host takes that others should wait for. What this side has held
// back counts for nothing.
func (n mark) isSlow(since mark) bool {
	spent := time.Duration(n.at - since.at - (n.waited - since.waited))
	return float64(n.taken-since.taken) < slowUpload*spent.Seconds()
}

// replies passes on what an SFTP server says, and notes each whole reply: one to each piece that it has taken.
type replies struct {
	reader io.Reader
	meter  *meter
	head   []byte // of a packet: its length
	left   uint32 // of the packet that is read
}

// Read implements io.Reader.
func (r *replies) Read(p []byte) (int, error) {
	n, err := r.reader.Read(p)
	for rest := p[:n]; len(rest) > 0; {
		if r.left == 0 {
			take := min(4-len(r.head), len(rest))
			r.head, rest = append(r.head, rest[:take]...), rest[take:]
			if len(r.head) == 4 {
				r.left, r.head = binary.BigEndian.Uint32(r.head), r.head[:0]
			}
			continue
		}
		take := int(min(int64(r.left), int64(len(rest))))
		r.left, rest = r.left-uint32(take), rest[take:]
		if r.left == 0 {
			r.meter.last.Store(time.Now().UnixNano())
		}
	}
	return n, err
}
