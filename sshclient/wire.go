package sshclient

import (
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"
)

// wire is the connection under SSH. It records when the last byte came, and what came before SSH began.
type wire struct {
	net.Conn
	began    time.Time
	lastRead atomic.Int64 // in nanoseconds since began, by the monotonic clock
	greeted  atomic.Bool
	// failed is the first error of reading. SSH ends with it.
	failed atomic.Pointer[error]
	permit *permit // of the host
	// before and greeting belong to the goroutine of the handshake, and are not used after greeted is set. pending is what came
	// with the identification, for the same goroutine.
	before   []byte
	greeting greeting
	pending  []byte
	// times is written during the handshake and read after it.
	times Times
}

// preamble is how many bytes are kept of what comes instead of an SSH identification.
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
		w.lastRead.Store(int64(time.Since(w.began)))
	}
	if err != nil {
		w.failed.CompareAndSwap(nil, &err)
	}
	return n, err
}

// failure returns the first error of reading; err: there was none. SSH closes a connection that it can't read, and its users
// then get net.ErrClosed only.
func (w *wire) failure(err error) error {
	if failed := w.failed.Load(); failed != nil {
		return *failed
	}
	return err
}

// ended reports whether the host ended the connection.
func (w *wire) ended() bool { return isClosed(w.failure(nil)) }

// awaitGreeting reads once and looks for the server's SSH identification (RFC 4253, section 4.2).
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
		return nil // the next read returns the error again
	}
	return err
}

// silence returns the time since the last byte came.
func (w *wire) silence() time.Duration { return time.Since(w.began) - time.Duration(w.lastRead.Load()) }

// said returns what the server wrote instead of an identification.
func (w *wire) said() string { return strings.TrimSpace(string(w.before)) }

// busy reports whether the server dropped the connection as sshd does when it has too many: without any output or, since
// OpenSSH 8.5 and 9.8, with one of these lines.
func (w *wire) busy() bool {
	switch w.said() {
	case "", "Exceeded MaxStartups", "Not allowed at this time":
		return true
	}
	return false
}

// quotedSaid returns what the server wrote, for the end of an error.
func (w *wire) quotedSaid() string {
	if text := w.said(); text != "" {
		return fmt.Sprintf(": %q", text)
	}
	return ""
}
