package entrance

import (
	"net"
	"net/netip"
	"time"
)

// prefix is the origin of connections that one caller may control: an IPv4 address, or an IPv6 network of 64 bits, in
// which a machine can choose its address (RFC 4291, section 2.5.1).
type prefix = netip.Prefix

func prefixOf(address net.Addr) prefix {
	parsed, err := netip.ParseAddrPort(address.String())
	if err != nil {
		return prefix{} // connections without an IP address share one
	}
	ip, bits := parsed.Addr().Unmap(), 32
	if ip.Is6() {
		bits = 64
	}
	found, err := ip.WithZone("").Prefix(bits)
	if err != nil {
		return prefix{}
	}
	return found
}

// origin is the state of a prefix.
type origin struct {
	unauthenticated []*conn // the oldest first
	// attempts is how many more connections and calls may fail, as of seen.
	attempts float64
	seen     time.Time
}

// originOf returns the state of a prefix, and adds it if necessary. The lock is held.
func (e *Entrance) originOf(p prefix) *origin {
	if o := e.origins[p]; o != nil {
		return o
	}
	if len(e.origins) >= maxOrigins {
		e.dropOrigins()
	}
	o := &origin{attempts: float64(e.limits.Attempts), seen: time.Now()}
	e.origins[p] = o
	return o
}

// dropOrigins drops the origins without unauthenticated connections, with their failed attempts. A caller with so many
// addresses is not slowed down by the limit of one address anyway.
func (e *Entrance) dropOrigins() {
	for p, o := range e.origins {
		if len(o.unauthenticated) == 0 {
			delete(e.origins, p)
		}
	}
}

// refill adds the attempts for the time that has passed.
func (o *origin) refill(l Limits, now time.Time) {
	o.attempts = min(float64(l.Attempts), o.attempts+now.Sub(o.seen).Seconds()*float64(l.AttemptsPerSecond))
	o.seen = now
}

// dropUnused drops an origin whose state is the initial one. The lock is held.
func (e *Entrance) dropUnused(p prefix) {
	o := e.origins[p]
	if o == nil || len(o.unauthenticated) > 0 {
		return
	}
	if o.refill(e.limits, time.Now()); e.limits.Attempts < 0 || o.attempts >= float64(e.limits.Attempts) {
		delete(e.origins, p)
	}
}
