package entrance

import (
	"net"
	"sync"
	"time"
)

// Limits bound an entrance. The zero value of a field stands for what is said there.
type Limits struct {
	// Strangers bounds the connections that have not shown that they belong; 0: what the descriptors allow, 256 at most.
	Unauthenticated int
	// Together bounds all connections; 0: what the descriptors allow.
	Total int
	// PerIdentity bounds those of one identity; 0: 256.
	PerIdentity int
	// Handshake is how long a caller may take to show a certificate; 0: 15 seconds.
	Handshake time.Duration
	// IdleTimeout is how long a stranger may keep the server waiting before another may take its place; 0: a second.
	IdleTimeout time.Duration
	// Life is how long a stranger's connection lasts after the handshake; 0: 10 seconds.
	Life time.Duration
	// Attempts is how many connections and calls of one address may come to nothing at once, and AttemptsPerSecond how many
	// more later; 0: 200 and 20. Attempts below 0: any number.
	Attempts          int
	AttemptsPerSecond int
}

const (
	defaultUnauthenticated = 256
	defaultPerIdentity     = 256
	defaultHandshake       = 15 * time.Second
	defaultLife            = 10 * time.Second
	defaultIdleTimeout     = time.Second
	// admitInterval is how often it is looked whether there is room for a caller who waits.
	admitInterval   = 10 * time.Millisecond
	defaultAttempts = 200
	defaultRate     = 20
	// usualDescriptors is how many files a process may have open on most systems.
	usualDescriptors = 1024
	// maxRefusals is how many calls are refused on one connection before it is closed.
	maxRefusals = 20
	// maxOrigins bounds how many addresses are remembered.
	maxOrigins = 4096
)

func (l Limits) withDefaults(descriptors int) Limits {
	orElse := func(value *int, other int) {
		if *value == 0 {
			*value = other
		}
	}
	orElse(&l.Unauthenticated, max(8, min(defaultUnauthenticated, descriptors/8)))
	orElse(&l.Total, max(l.Unauthenticated, descriptors-max(64, descriptors/4)))
	orElse(&l.PerIdentity, defaultPerIdentity)
	orElse(&l.Attempts, defaultAttempts)
	orElse(&l.AttemptsPerSecond, defaultRate)
	if l.Handshake == 0 {
		l.Handshake = defaultHandshake
	}
	if l.IdleTimeout == 0 {
		l.IdleTimeout = defaultIdleTimeout
	}
	if l.Life == 0 {
		l.Life = defaultLife
	}
	return l
}

// Entrance knows the connections of a server. It is safe for concurrent use.
type Entrance struct {
	limits Limits

	mu              sync.Mutex
	conns           map[string]*conn // by remote address, as a call has it
	unauthenticated int
	origins         map[prefix]*origin
	perIdentity     map[string]int // connections by identity
	rejected        uint64
}

// New returns one with its limits.
func New(limits Limits) *Entrance {
	return &Entrance{
		limits: limits.withDefaults(descriptors()), conns: map[string]*conn{}, origins: map[prefix]*origin{}, perIdentity: map[string]int{},
	}
}

// Rejected is how many connections were closed since there was no room for them, or too many of their address had come to
// nothing.
func (e *Entrance) Rejected() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rejected
}

// Listen returns a listener that bounds the connections of another one.
func (e *Entrance) Listen(inner net.Listener) net.Listener {
	return &listener{Listener: inner, entrance: e, closed: make(chan struct{})}
}

type listener struct {
	net.Listener
	entrance *Entrance
	closing  sync.Once
	closed   chan struct{}
}

// Close ends Accept.
func (l *listener) Close() error {
	l.closing.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// Accept returns the next connection for which there is room. While there is none, callers wait where the system keeps them.
func (l *listener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := l.enter(raw); c != nil {
			return c, nil
		}
		_ = raw.Close() // nothing was said that could be lost
	}
}

// enter takes a connection as a stranger's; nil: it is turned off.
func (l *listener) enter(raw net.Conn) *conn {
	c := &conn{Conn: raw, entrance: l.entrance, address: raw.RemoteAddr().String(), prefix: prefixOf(raw.RemoteAddr())}
	for {
		evicted, answer := l.entrance.admit(c)
		if evicted != nil {
			_ = evicted.Close()
		}
		switch answer {
		case admitted:
			return c
		case rejected:
			return nil
		}
		select {
		case <-l.closed:
			return nil
		case <-time.After(admitInterval):
		}
	}
}

// decision is what becomes of a connection.
type decision int

const (
	admitted decision = iota
	rejected
	mustWait
)

// admit notes a connection, and returns one that makes room for it.
func (e *Entrance) admit(c *conn) (evicted *conn, answer decision) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	from := e.originOf(c.prefix)
	from.refill(e.limits, now)
	if e.limits.Attempts > 0 && from.attempts < 1 {
		e.rejected++
		return nil, rejected
	}
	switch full := len(e.conns) >= e.limits.Total; {
	case full && e.unauthenticated == 0:
		e.rejected++
		e.dropUnused(c.prefix)
		return nil, rejected
	case full, e.unauthenticated >= e.limits.Unauthenticated:
		if evicted = e.idle(now); evicted == nil {
			return nil, mustWait
		}
		e.rejected++
		e.remove(evicted)
	}
	e.conns[c.address] = c
	e.unauthenticated++
	from = e.originOf(c.prefix) // it may have been forgotten with the one that left
	from.unauthenticated = append(from.unauthenticated, c)
	c.timer = time.AfterFunc(e.limits.Handshake, c.expire)
	return evicted, admitted
}

// idle is the stranger that has kept the server waiting for longest, of the address that has most such; nil: none has for as
// long as that is allowed. One whose handshake the server has not come to yet is no such: when all agents of a master come back
// at once, they wait for each other. The lock is held.
func (e *Entrance) idle(now time.Time) (longest *conn) {
	most := 0
	for _, o := range e.origins {
		count, oldest := 0, (*conn)(nil)
		for _, c := range o.unauthenticated {
			if since := c.waitsSince(); !since.IsZero() && now.Sub(since) >= e.limits.IdleTimeout {
				count++
				if oldest == nil || since.Before(oldest.waitsSince()) {
					oldest = c
				}
			}
		}
		if count > most {
			most, longest = count, oldest
		}
	}
	return longest
}
