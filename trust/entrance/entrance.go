package entrance

import (
	"net"
	"sync"
	"time"
)

// Limits are the limits of an entrance. The zero value of a field stands for a default.
type Limits struct {
	// Unauthenticated limits the connections without a valid certificate. The default is an eighth of the descriptors,
	// between 8 and 256.
	Unauthenticated int
	// Total limits all connections. The default is what the descriptors allow.
	Total int
	// PerIdentity limits the connections of one identity. The default is 256.
	PerIdentity int
	// Handshake limits the time until a caller has shown a certificate. The default is 15 seconds.
	Handshake time.Duration
	// IdleTimeout is how long the server waits for an unauthenticated peer before another caller may take its place.
	// The default is one second.
	IdleTimeout time.Duration
	// Life limits an unauthenticated connection after the handshake. The default is 10 seconds.
	Life time.Duration
	// Attempts limits the failed connections and refused calls of one address in a burst, and AttemptsPerSecond their
	// rate after it. The defaults are 200 and 20. There is no limit when Attempts is negative.
	Attempts          int
	AttemptsPerSecond int
}

const (
	defaultUnauthenticated = 256
	defaultPerIdentity     = 256
	defaultHandshake       = 15 * time.Second
	defaultLife            = 10 * time.Second
	defaultIdleTimeout     = time.Second
	// admitInterval is the time between two checks whether a waiting caller can be admitted.
	admitInterval   = 10 * time.Millisecond
	defaultAttempts = 200
	defaultRate     = 20
	// usualDescriptors is how many files a process may have open on most systems.
	usualDescriptors = 1024
	// maxRefusals is how many calls are refused on one connection before it is closed.
	maxRefusals = 20
	// maxOrigins limits how many addresses are remembered.
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

// Entrance limits the connections of a server. It is safe for concurrent use.
type Entrance struct {
	limits Limits

	mu              sync.Mutex
	conns           map[string]*conn // by remote address, as calls report it
	unauthenticated int
	origins         map[prefix]*origin
	perIdentity     map[string]int // connections by identity
	rejected        uint64
}

// New returns an entrance with these limits.
func New(limits Limits) *Entrance {
	return &Entrance{
		limits: limits.withDefaults(descriptors()), conns: map[string]*conn{}, origins: map[prefix]*origin{}, perIdentity: map[string]int{},
	}
}

// Rejected returns how many connections were closed because a limit was reached.
func (e *Entrance) Rejected() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rejected
}

// Listen returns a listener that limits the connections of inner.
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

// Accept returns the next connection within the limits. While there is none, callers wait in the system's queue.
func (l *listener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := l.enter(raw); c != nil {
			return c, nil
		}
		_ = raw.Close() // nothing was sent that could be lost
	}
}

// enter admits a connection, or returns nil when it is rejected.
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

// decision is the result of admitting a connection.
type decision int

const (
	admitted decision = iota
	rejected
	mustWait
)

// admit adds a connection. It returns a connection that the caller must close to make room for it.
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
	from = e.originOf(c.prefix) // it may have been dropped with the evicted connection
	from.unauthenticated = append(from.unauthenticated, c)
	c.timer = time.AfterFunc(e.limits.Handshake, c.expire)
	return evicted, admitted
}

// idle returns the connection to evict: of the address with the most idle connections, the one for which the server has
// waited longest. It returns nil when the server has waited for none as long as IdleTimeout. A connection whose
// handshake the server has not begun is not idle: all agents of a master may reconnect at once, and wait for each
// other. The lock is held.
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
