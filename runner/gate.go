package runner

import (
	"sync"
	"time"

	"sloth-runner/inventory"
	"sloth-runner/proto"
)

const (
	// tryLimit is how long others wait for the first host that tries. One that hangs holds up no other for longer; it is
	// more than an agent gives itself.
	tryLimit = 30 * time.Second
	// hangs is how long others wait where a try has come to no verdict before. A wrong password costs two or three seconds.
	hangs = 5 * time.Second
)

// gates keep a password that is wrong from being tried on host after host, which locks accounts: one host tries it
// first, the others wait until it was right once. Where a host comes to no verdict in time, one more tries at once, and so on:
// each time twice as many, since all may hang, as where a second factor is asked for. Safe for concurrent use.
type gates struct {
	mu    sync.Mutex
	known map[gateKey]*gate
}

// gateKey is one password of one account, as far as can be told: sudo and doas ask for that of who is logged in, su for
// that of who is to be.
type gateKey struct{ password, account string }

// gate is what is known of a password.
type gate struct {
	// tries are the hosts that try it, and since when. refusedBy is the one that refused it.
	tries     map[string]time.Time
	refusedBy string
	accepted  bool
	// undecided is how many tries took long and came to no verdict.
	undecided int
	// changed is closed and replaced whenever one of these changes.
	changed chan struct{}
}

func newGates() *gates { return &gates{known: map[gateKey]*gate{}} }

func keyOf(target *inventory.Target, become *proto.Become, password inventory.Secret) gateKey {
	account := "login " + target.SSH.User
	if become.GetMethod() == "su" {
		account = "user " + become.GetUser()
	}
	return gateKey{password.Reveal(), account}
}

// enter waits until a host may try the password, or stop is closed. refusedBy is the host where it was wrong; "": it may
// be tried, and the host has to leave the gate when it knows more.
func (g *gates) enter(key gateKey, host string, stop <-chan struct{}) (refusedBy string, ok bool) {
	for {
		g.mu.Lock()
		gate := g.known[key]
		if gate == nil {
			gate = newGate()
			g.known[key] = gate
		}
		switch {
		case gate.refusedBy != "":
			refusedBy := gate.refusedBy // another refusal may replace it
			g.mu.Unlock()
			return refusedBy, true
		case gate.accepted:
			g.mu.Unlock()
			return "", true
		}
		wait := gate.wait(time.Now())
		if wait <= 0 {
			gate.tries[host] = time.Now()
			g.mu.Unlock()
			return "", true
		}
		changed, limit := gate.changed, time.NewTimer(wait)
		g.mu.Unlock()
		select {
		case <-changed:
		case <-limit.C:
		case <-stop:
			limit.Stop()
			return "", false
		}
		limit.Stop()
	}
}

func newGate() *gate { return &gate{tries: map[string]time.Time{}, changed: make(chan struct{})} }

// wait is how long it is at most until another host may try; 0: it may now.
func (g *gate) wait(now time.Time) time.Duration {
	limit := tryLimit
	if g.undecided > 0 {
		limit = hangs
	}
	var waiting, hanging int
	next := limit
	for _, since := range g.tries {
		if left := limit - now.Sub(since); left > 0 {
			waiting++
			next = min(next, left)
		} else {
			hanging++
		}
	}
	if waiting <= g.undecided+hanging {
		return 0
	}
	return next
}

// leave says what became of the try of a host; UNKNOWN and FAILED: nothing is known of the password.
func (g *gates) leave(key gateKey, host string, step proto.BecomeChanged_Step) {
	g.mu.Lock()
	defer g.mu.Unlock()
	gate := g.known[key]
	if gate == nil {
		return
	}
	since, tried := gate.tries[host]
	if !tried && step != proto.BecomeChanged_STARTED && step != proto.BecomeChanged_REFUSED {
		return
	}
	delete(gate.tries, host)
	switch step {
	case proto.BecomeChanged_STARTED:
		gate.accepted = true
	case proto.BecomeChanged_REFUSED:
		if !gate.accepted {
			gate.refusedBy = host
		}
	default:
		if time.Since(since) >= hangs {
			gate.undecided++
		}
	}
	close(gate.changed)
	gate.changed = make(chan struct{})
}
