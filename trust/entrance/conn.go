package entrance

import (
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// conn is an accepted connection. Fields other than Conn, address, prefix and waits are guarded by the entrance.
type conn struct {
	net.Conn
	entrance *Entrance
	address  string
	prefix   prefix
	timer    *time.Timer
	// waits is since when the server waits for the peer; nil when it does not.
	waits atomic.Pointer[time.Time]

	// identity is the peer's; "" when it is not authenticated.
	identity string
	// useful says that a call on it was answered.
	useful   bool
	refusals int
	gone     bool
	closing  sync.Once
}

// Read records how long the server waits for the peer.
func (c *conn) Read(p []byte) (int, error) {
	now := time.Now()
	c.waits.Store(&now)
	defer c.waits.Store(nil)
	return c.Conn.Read(p)
}

// waitsSince returns since when the server waits for the peer, or the zero time.
func (c *conn) waitsSince() time.Time {
	if since := c.waits.Load(); since != nil {
		return *since
	}
	return time.Time{}
}

// Close closes the connection and frees its place.
func (c *conn) Close() error {
	c.closing.Do(func() { c.entrance.leave(c) })
	return c.Conn.Close()
}

// expire closes an unauthenticated connection whose time is over.
func (c *conn) expire() {
	// The peer sees the end of the connection.
	_ = c.Close()
}

func (e *Entrance) leave(c *conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	c.timer.Stop()
	e.remove(c)
}

// remove removes a connection. An unauthenticated one without an answered call counts as a failed attempt of its
// address. The lock is held.
func (e *Entrance) remove(c *conn) {
	if c.gone {
		return
	}
	c.gone = true
	if e.conns[c.address] == c {
		delete(e.conns, c.address)
	}
	if c.identity != "" {
		if e.perIdentity[c.identity]--; e.perIdentity[c.identity] == 0 {
			delete(e.perIdentity, c.identity)
		}
		return
	}
	e.removeUnauthenticated(c)
	if !c.useful {
		e.originOf(c.prefix).attempts--
	}
	e.dropUnused(c.prefix)
}

// removeUnauthenticated removes a connection from the unauthenticated ones. The lock is held.
func (e *Entrance) removeUnauthenticated(c *conn) {
	e.unauthenticated--
	o := e.originOf(c.prefix)
	o.unauthenticated = slices.DeleteFunc(o.unauthenticated, func(other *conn) bool { return other == c })
}

// admitIdentity assigns a connection to an identity. It reports whether the identity may have one more.
func (e *Entrance) admitIdentity(c *conn, identity string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c.gone || e.perIdentity[identity] >= e.limits.PerIdentity {
		return false
	}
	c.timer.Stop()
	e.removeUnauthenticated(c)
	c.identity = identity
	e.perIdentity[identity]++
	e.dropUnused(c.prefix)
	return true
}

// extend lets a connection without a certificate live for Limits.Life.
func (e *Entrance) extend(c *conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !c.gone {
		c.timer.Reset(e.limits.Life)
	}
}

// Answered records that a call from an address, host:port, was answered.
func (e *Entrance) Answered(address string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c := e.conns[address]; c != nil {
		c.useful = true
	}
}

// Refused records that a call from an address, host:port, was refused. It closes a connection with too many refused
// calls.
func (e *Entrance) Refused(address string) {
	if c := e.refused(address); c != nil {
		_ = c.Close()
	}
}

// refused returns the connection if it has to be closed, or nil.
func (e *Entrance) refused(address string) *conn {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := e.conns[address]
	if c == nil {
		return nil
	}
	c.refusals++
	if c.identity == "" {
		e.originOf(c.prefix).attempts--
	}
	if c.refusals < maxRefusals {
		return nil
	}
	return c
}
