package entrance

import (
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// conn is a connection that has come in. All but Conn, address, prefix and waits is guarded by the entrance.
type conn struct {
	net.Conn
	entrance *Entrance
	address  string
	prefix   prefix
	timer    *time.Timer
	// waits is since when the server waits for the peer, nil: it does not.
	waits atomic.Pointer[time.Time]

	// identity is whose it is; "": a stranger's.
	identity string
	// useful says that a call on it was answered.
	useful   bool
	refusals int
	gone     bool
	closing  sync.Once
}

// Read notes how long the peer keeps the server waiting.
func (c *conn) Read(p []byte) (int, error) {
	now := time.Now()
	c.waits.Store(&now)
	defer c.waits.Store(nil)
	return c.Conn.Read(p)
}

// waitsSince is since when the server waits for the peer; zero: it does not.
func (c *conn) waitsSince() time.Time {
	if since := c.waits.Load(); since != nil {
		return *since
	}
	return time.Time{}
}

// Close closes the connection, and makes room for another.
func (c *conn) Close() error {
	c.closing.Do(func() { c.entrance.leave(c) })
	return c.Conn.Close()
}

// expire ends the connection of a stranger whose time is over.
func (c *conn) expire() {
	// The stranger finds out by itself.
	_ = c.Close()
}

func (e *Entrance) leave(c *conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	c.timer.Stop()
	e.remove(c)
}

// forget takes a connection out. One of a stranger that was of no use counts against its address. The lock is held.
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

// unlist takes a connection from the strangers. The lock is held.
func (e *Entrance) removeUnauthenticated(c *conn) {
	e.unauthenticated--
	o := e.originOf(c.prefix)
	o.unauthenticated = slices.DeleteFunc(o.unauthenticated, func(other *conn) bool { return other == c })
}

// promote makes a connection that of an identity, and reports whether there is room for it.
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

// remain lets a connection that has shown no certificate last for a while.
func (e *Entrance) extend(c *conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !c.gone {
		c.timer.Reset(e.limits.Life)
	}
}

// Answered notes that a call was answered that came from an address, host:port.
func (e *Entrance) Answered(address string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c := e.conns[address]; c != nil {
		c.useful = true
	}
}

// Refused notes that a call was refused that came from an address, host:port. A connection on which that happens often is
// closed.
func (e *Entrance) Refused(address string) {
	if c := e.refused(address); c != nil {
		_ = c.Close()
	}
}

// refused returns the connection if it has to be closed.
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
