// Package duplex makes a net.Conn from a reader and a writer, such as the two pipes of a process or the streams of an
// SSH session.
//
// The conn adds what such pairs lack and gRPC needs: deadlines, a Close that unblocks both directions and waits for its
// goroutines, and errors that say why the other end is gone.
package duplex

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

const (
	// bufferSize limits the buffer of each direction, in bytes.
	bufferSize = 64 << 10
	// drainLimit limits how long Close waits for the writer to take the bytes that Write accepted.
	drainLimit = time.Second
)

// Config describes a Conn.
type Config struct {
	Reader io.Reader
	Writer io.Writer
	// Close closes the reader and the writer. A pending Read or Write must return soon after. It is called once.
	Close func() error
	// WrapError, if set, replaces an error of the reader or the writer, also io.EOF, with one that gives the cause.
	WrapError func(error) error
	// Name is the conn's remote address.
	Name string
}

// Conn is a net.Conn over a reader and a writer. As with every net.Conn, its methods may be called concurrently.
type Conn struct {
	config Config

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced when a field below changes
	in, out  []byte        // read but not delivered; accepted but not written
	writing  bool          // the writer has bytes from out
	readErr  error
	writeErr error
	closed   bool

	readDeadline, writeDeadline time.Time

	closeOnce sync.Once
	closeErr  error
	done      sync.WaitGroup
}

// New starts a Conn. The caller must close it.
func New(config Config) *Conn {
	if config.WrapError == nil {
		config.WrapError = func(err error) error { return err }
	}
	c := &Conn{config: config, changed: make(chan struct{})}
	c.done.Go(c.readLoop)
	c.done.Go(c.writeLoop)
	return c
}

// Read returns the bytes that have arrived. When the other end is gone it returns the remaining bytes, and then the
// cause.
func (c *Conn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.closed:
			return 0, net.ErrClosed
		case expired(c.readDeadline):
			return 0, os.ErrDeadlineExceeded
		case len(p) == 0:
			return 0, nil
		case len(c.in) > 0:
			n := copy(p, c.in)
			c.in = c.in[n:]
			c.wake()
			return n, nil
		case c.readErr != nil:
			return 0, c.readErr
		}
		c.wait(c.readDeadline)
	}
}

// Write accepts p when there is room for it. An error of the writer is returned by a later call.
func (c *Conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	written := 0
	for {
		switch {
		case c.closed:
			return written, net.ErrClosed
		case c.writeErr != nil:
			return written, c.writeErr
		case expired(c.writeDeadline):
			return written, os.ErrDeadlineExceeded
		}
		if room := min(bufferSize-len(c.out), len(p)-written); room > 0 {
			c.out = append(c.out, p[written:written+room]...)
			written += room
			c.wake()
		}
		if written == len(p) {
			return written, nil
		}
		c.wait(c.writeDeadline)
	}
}

// Close closes both directions. Accepted bytes are written first, for at most a second and only while the other end
// reads. It returns when all goroutines of the conn have ended, and may be called more than once.
func (c *Conn) Close() error {
	c.closeOnce.Do(func() {
		c.mu.Lock()
		c.closed = true
		c.wake()
		limit := time.Now().Add(drainLimit)
		for (len(c.out) > 0 || c.writing) && c.writeErr == nil && c.readErr == nil && !expired(limit) {
			c.wait(limit)
		}
		if c.writeErr == nil {
			c.writeErr = net.ErrClosed
		}
		c.wake()
		c.mu.Unlock()
		if c.config.Close != nil {
			c.closeErr = c.config.Close()
		}
		c.done.Wait()
	})
	return c.closeErr
}

// SetDeadline sets both deadlines. The zero time means none.
func (c *Conn) SetDeadline(t time.Time) error {
	c.setDeadlines(&t, &t)
	return nil
}

// SetReadDeadline limits Read, also a pending one.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.setDeadlines(&t, nil)
	return nil
}

// SetWriteDeadline limits Write, also a pending one.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.setDeadlines(nil, &t)
	return nil
}

func (c *Conn) setDeadlines(read, write *time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if read != nil {
		c.readDeadline = *read
	}
	if write != nil {
		c.writeDeadline = *write
	}
	c.wake()
}

// LocalAddr returns the same address for every Conn.
func (c *Conn) LocalAddr() net.Addr { return addr("duplex") }

// RemoteAddr returns the conn's name.
func (c *Conn) RemoteAddr() net.Addr { return addr(c.config.Name) }

func (c *Conn) readLoop() {
	buffer := make([]byte, bufferSize/2)
	for {
		n, err := c.config.Reader.Read(buffer)
		var wrapped error
		if err != nil {
			// Without the lock: finding the cause may wait for the other end.
			wrapped = c.config.WrapError(err)
		}
		c.mu.Lock()
		c.in = append(c.in, buffer[:n]...)
		c.readErr = wrapped
		c.wake()
		for len(c.in) > bufferSize/2 && !c.closed {
			c.wait(time.Time{})
		}
		stop := c.closed || wrapped != nil
		c.mu.Unlock()
		if stop {
			return
		}
	}
}

func (c *Conn) writeLoop() {
	var taken []byte
	for {
		c.mu.Lock()
		for len(c.out) == 0 && c.writeErr == nil {
			c.wait(time.Time{})
		}
		if c.writeErr != nil {
			c.mu.Unlock()
			return
		}
		taken, c.out = c.out, taken[:0]
		c.writing = true
		c.wake()
		c.mu.Unlock()

		_, err := c.config.Writer.Write(taken)
		if err != nil {
			err = c.wrapWriteError(err)
		}
		c.mu.Lock()
		c.writing = false
		if err != nil && c.writeErr == nil {
			c.writeErr = err
		}
		c.wake()
		c.mu.Unlock()
	}
}

// wrapWriteError treats a broken pipe as the end of the connection, whose cause says more.
func (c *Conn) wrapWriteError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) || errors.Is(err, os.ErrClosed) || isBrokenPipe(err) {
		return c.config.WrapError(io.EOF)
	}
	return c.config.WrapError(err)
}

// wake wakes all waiting goroutines. The lock is held.
func (c *Conn) wake() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// wait releases the lock until something changes or the deadline passes.
func (c *Conn) wait(deadline time.Time) {
	changed := c.changed
	c.mu.Unlock()
	defer c.mu.Lock()
	if deadline.IsZero() {
		<-changed
		return
	}
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	}
}

func expired(deadline time.Time) bool { return !deadline.IsZero() && !time.Now().Before(deadline) }

type addr string

func (addr) Network() string  { return "duplex" }
func (a addr) String() string { return string(a) }
