package entrance

import (
	"net"
	"net/netip"
	"time"
)

// prefix is where connections come from that may be one caller's: an IPv4 address, or an IPv6 network of 64 bits, in which a
// machine has any address that it likes (RFC 4291, section 2.5.1).
type prefix = netip.Prefix

func prefixOf(address net.Addr) prefix {
	parsed, err := netip.ParseAddrPort(address.String())
	if err != nil {
		return prefix{} // all that are no such share one
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

// origin is what is known of a prefix.
type origin struct {
	unauthenticated []*conn // the oldest first
	// attempts are how many more connections and calls may come to nothing, as of seen.
	attempts float64
	seen     time.Time
}

// originOf is that of a prefix. The lock is held.
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

// forgetOrigins forgets the origins without strangers. That is also what they did: whoever has so many addresses need not
// wait for them.
func (e *Entrance) dropOrigins() {
	for p, o := range e.origins {
		if len(o.unauthenticated) == 0 {
			delete(e.origins, p)
		}
	}
}

// refill gives an origin the attempts of the time that has passed.
func (o *origin) refill(l Limits, now time.Time) {
	o.attempts = min(float64(l.Attempts), o.attempts+now.Sub(o.seen).Seconds()*float64(l.AttemptsPerSecond))
	o.seen = now
}

// tidy forgets an origin of which nothing has to be known. The lock is held.
func (e *Entrance) dropUnused(p prefix) {
	o := e.origins[p]
	if o == nil || len(o.unauthenticated) > 0 {
		return
	}
	if o.refill(e.limits, time.Now()); e.limits.Attempts < 0 || o.attempts >= float64(e.limits.Attempts) {
		delete(e.origins, p)
	}
}
