package runner

import (
	"sync"
	"time"

	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// tryLimit is how long others wait for the host that tries. One that hangs holds nobody up for longer; it is more than an
// agent gives itself.
const tryLimit = 30 * time.Second

// gates keep a password that is wrong from being tried on host after host, which locks accounts: one host tries it
// first, the others wait until it was right once. Safe for concurrent use.
type gates struct {
	mu    sync.Mutex
	known map[gateKey]*gate
}

// gateKey is one password of one account, as far as can be told: sudo and doas ask for that of who is logged in, su for
// that of who is to be.
type gateKey struct{ password, account string }

// gate is what is known of a password.
type gate struct {
	// tries is the host that tries it; "": none. refusedBy is the one that refused it.
	tries, refusedBy string
	since            time.Time
	accepted         bool
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
			g.mu.Unlock()
			return gate.refusedBy, true
		case gate.accepted:
			g.mu.Unlock()
			return "", true
		case gate.tries == "" || time.Since(gate.since) >= tryLimit:
			gate.tries, gate.since = host, time.Now()
			g.mu.Unlock()
			return "", true
		}
		changed, limit := gate.changed, time.NewTimer(tryLimit-time.Since(gate.since))
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

func newGate() *gate { return &gate{changed: make(chan struct{})} }

// leave says what became of the try of a host; UNKNOWN and FAILED: nothing is known of the password.
func (g *gates) leave(key gateKey, host string, step proto.BecomeChanged_Step) {
	g.mu.Lock()
	defer g.mu.Unlock()
	gate := g.known[key]
	if gate == nil || gate.tries != host && step != proto.BecomeChanged_STARTED && step != proto.BecomeChanged_REFUSED {
		return
	}
	if gate.tries == host {
		gate.tries = ""
	}
	switch step {
	case proto.BecomeChanged_STARTED:
		gate.accepted = true
	case proto.BecomeChanged_REFUSED:
		if !gate.accepted {
			gate.refusedBy = host
		}
	}
	close(gate.changed)
	gate.changed = make(chan struct{})
}
