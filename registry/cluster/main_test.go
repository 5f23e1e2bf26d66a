package cluster

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limit is more than any change takes that is waited for.
const limit = time.Minute

// master is a Cluster that runs, with agents of the test.
type master struct {
	*Cluster
	agents *agents
	// leave ends Run and waits for it.
	leave func()

	mu       sync.Mutex
	warnings []string
	keys     map[string]bool // of Changed
}

// newMaster returns a master that does not run yet.
func newMaster(t *testing.T, shared store.Store, name, address string) *master {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	m := &master{agents: newAgents(), keys: map[string]bool{}}
	m.Cluster = New(Config{
		Store: shared, Holder: trust.NewHolder(&trust.Credentials{Identity: trust.Identity{Role: trust.Master, Name: name}, Key: key}),
		Agents: m.agents, Address: address, Now: time.Now,
		Changed: func(key string) { m.locked(func() { m.keys[key] = true }) },
		Warn:    func(err error) { m.locked(func() { m.warnings = append(m.warnings, err.Error()) }) },
	})
	return m
}

func (m *master) locked(do func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	do()
}

// has reports whether Changed was called with a key.
func (m *master) has(key string) (has bool) {
	m.locked(func() { has = m.keys[key] })
	return has
}

// run runs the master until the test ends, or leave is called.
func (m *master) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { m.Run(ctx) })
	m.leave = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(m.leave)
}

func join(t *testing.T, shared store.Store, name, address string) *master {
	t.Helper()
	m := newMaster(t, shared, name, address)
	m.run(t)
	waitFor(t, name+" to take part", m.IsWell)
	return m
}

func waitFor(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !happened(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// agents are the Agents of a master: those that a test attaches, and what the master heard of the others.
type agents struct {
	wake chan struct{}

	mu        sync.Mutex
	attached  map[string]int64 // to the revision of the claim; 0: not claimed yet
	unsent    map[string]bool
	elsewhere map[string]string // to the master
}

func newAgents() *agents {
	return &agents{wake: make(chan struct{}, 1), attached: map[string]int64{}, unsent: map[string]bool{}, elsewhere: map[string]string{}}
}

// attach and detach attach an agent to this master, and end that.
func (a *agents) attach(name string) { a.change(name, func() { a.attached[name] = 0 }) }
func (a *agents) detach(name string) { a.change(name, func() { delete(a.attached, name) }) }

func (a *agents) change(name string, do func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	do()
	a.unsent[name] = true
	a.signal()
}

func (a *agents) signal() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// claim returns the revision by which the agent is attached here; 0: it is not, or not for the other masters.
func (a *agents) claim(name string) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.attached[name]
}

// at returns the other master that has the agent; "": none.
func (a *agents) at(name string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.elsewhere[name]
}

func (a *agents) Wake() <-chan struct{} { return a.wake }

func (a *agents) ClaimAll() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for name := range a.attached {
		a.attached[name], a.unsent[name] = 0, true
	}
	a.signal()
}

func (a *agents) Unsent(master string) []Presence {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []Presence
	for name := range a.unsent {
		presence := Presence{Name: name}
		if revision, attached := a.attached[name]; attached {
			presence.Agent = &Agent{Master: master}
			if revision == 0 {
				presence.Claimed = func(revision int64) {
					a.mu.Lock()
					defer a.mu.Unlock()
					a.attached[name] = revision
				}
			}
		}
		all = append(all, presence)
	}
	clear(a.unsent)
	return all
}

func (a *agents) Moved(name string, to *Agent, revision int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.elsewhere, name)
	if to == nil {
		return
	}
	a.elsewhere[name] = to.Master
	if own, attached := a.attached[name]; attached && own != 0 && own < revision {
		delete(a.attached, name) // the last attachment counts
	}
}

func (a *agents) OnlyElsewhere(there map[string]bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for name := range a.elsewhere {
		if !there[name] {
			delete(a.elsewhere, name)
		}
	}
}
