package sshclient

import (
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"
)

// wire is the connection under SSH. It knows when the host was last heard, and what it said before SSH began.
type wire struct {
	net.Conn
	began   time.Time
	heard   atomic.Int64 // when, in nanoseconds since began: by the monotonic clock, which nothing sets
	greeted atomic.Bool
	// failed is what ended the reading, which is the end of SSH.
	failed atomic.Pointer[error]
	permit *permit // of the host
	// before and greeting are read and written by the goroutine of the handshake alone until greeted is set, and not used
	// after; pending is what has come with the greeting, for the same goroutine.
	before   []byte
	greeting greeting
	pending  []byte
	// times is written in the course of the handshake, and read after it.
	times Times
}

// preamble is how much is kept of what comes instead of an SSH identification.
const preamble = 512

func newWire(conn net.Conn) *wire {
	return &wire{Conn: conn, began: time.Now()}
}

// Read reads what follows the lines that a server may send before its identification.
func (w *wire) Read(p []byte) (int, error) {
	for !w.greeted.Load() {
		if err := w.awaitGreeting(); err != nil {
			w.failed.CompareAndSwap(nil, &err)
			return 0, err
		}
	}
	if len(w.pending) > 0 {
		n := copy(p, w.pending)
		w.pending = w.pending[n:]
		return n, nil
	}
	return w.read(p)
}

func (w *wire) read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if n > 0 {
		w.heard.Store(int64(time.Since(w.began)))
	}
	if err != nil {
		w.failed.CompareAndSwap(nil, &err)
	}
	return n, err
}

// failure is what ended the reading or, while it goes on, err. SSH closes a connection that it can't read, and whoever
// uses it then is told no more than that it is closed.
func (w *wire) failure(err error) error {
	if failed := w.failed.Load(); failed != nil {
		return *failed
	}
	return err
}

// ended reports whether the host ended the connection.
func (w *wire) ended() bool { return isClosed(w.failure(nil)) }

// awaitGreeting reads once, and notices the server's SSH identification (RFC 4253, section 4.2).
func (w *wire) awaitGreeting() error {
	var buffer [4096]byte
	n, err := w.read(buffer[:])
	p := buffer[:n]
	w.before = append(w.before, p...)
	w.before = w.before[max(0, len(w.before)-preamble):]
	rest, wrong := w.greeting.add(p)
	switch {
	case wrong != nil:
		return wrong
	case rest != nil:
		w.pending = rest
		w.greeted.Store(true)
		w.permit.greeted()
		return nil // what ended the reading is met again
	}
	return err
}

// silence is how long nothing has come from the host.
func (w *wire) silence() time.Duration { return time.Since(w.began) - time.Duration(w.heard.Load()) }

// said is what the server wrote instead of an identification.
func (w *wire) said() string { return strings.TrimSpace(string(w.before)) }

// busy reports whether the server dropped the connection as sshd does when it has too many: without a word, or, since
// OpenSSH 8.5 and 9.8, with one of these.
func (w *wire) busy() bool {
	switch w.said() {
	case "", "Exceeded MaxStartups", "Not allowed at this time":
		return true
	}
	return false
}

// quotedSaid is what was said, for the end of an error.
func (w *wire) quotedSaid() string {
	if text := w.said(); text != "" {
		return fmt.Sprintf(": %q", text)
	}
	return ""
}
