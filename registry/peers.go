package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/pause"
	"sloth-runner/registry/client"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

const (
	// gatherNews is how long what others have to be told is gathered.
	gatherNews = 200 * time.Millisecond
	// rejoinAfter is how long a master waits that was cut off from its store, before it tries again.
	rejoinAfter = time.Second
	// forgetAfter is how long the address of a master is told that has not started since.
	forgetAfter = 30 * 24 * time.Hour
	// farewell bounds how long it may take to say that this master goes.
	farewell = 3 * time.Second
)

// peers are the masters that share a store with this one. They know of each other, and of each other's agents, what each
// writes there for as long as it lives.
type peers struct {
	store    store.Shared // nil: this master is alone
	service  *Service
	own      liveMaster
	name     string
	told     []string // the addresses that agents and operators are told, where somebody has said so
	holder   *trust.Holder
	warn     func(error)
	relevant chan struct{} // sent to when revocations, or agents that are here, may have changed

	mu      sync.Mutex
	well    bool
	off     chan struct{} // closed while this master is cut off
	on      chan struct{} // closed while it is not
	known   map[string]masterRecord
	live    map[string]liveMaster
	others  chan struct{}              // closed and replaced when addresses change
	links   map[string]*client.Masters // by address
	suspect map[string]bool            // agents here of which something has changed
	missed  bool                       // everything may have changed
}

func newPeers(s *Service, config ServiceConfig) *peers {
	p := &peers{
		service: s, told: config.Masters, holder: config.Holder, warn: config.Warn, well: true, off: make(chan struct{}),
		others: make(chan struct{}), relevant: make(chan struct{}, 1),
		known: map[string]masterRecord{}, live: map[string]liveMaster{}, links: map[string]*client.Masters{}, suspect: map[string]bool{},
	}
	if shared, ok := config.Store.(store.Shared); ok {
		current := config.Holder.Current()
		p.store, p.name = shared, current.Identity.Name
		p.own = liveMaster{Address: config.Address, Instance: instanceOf(current)}
		s.roster.share()
		p.cutOff()
	}
	return p
}

// instanceOf tells masters of the same name from each other: each has its key.
func instanceOf(c *trust.Credentials) string { return trust.KeyFingerprint(c.Key) }

// run takes part until ctx ends.
func (p *peers) run(ctx context.Context) {
	defer p.closeLinks()
	for ctx.Err() == nil {
		err := p.takePart(ctx)
		if ctx.Err() != nil {
			return
		}
		p.cutOff()
		p.warn(fmt.Errorf("cut off from the other masters: %w", err))
		pause.For(ctx, rejoinAfter)
	}
}

// takePart takes part for as long as one lease lasts.
func (p *peers) takePart(ctx context.Context) error {
	lease, err := p.store.Lease(ctx)
	if err != nil {
		return err
	}
	defer func() {
		p.cutOff()
		// Without it the lease ends by itself.
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
		defer cancel()
		_ = lease.Close(last)
	}()
	following, stop := context.WithCancel(ctx)
	first, failed := make(chan struct{}), make(chan error, 1)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	running.Go(func() {
		failed <- p.store.Follow(following, func(n store.News) {
			p.see(n)
			if n.All && !isClosed(first) {
				close(first)
			}
		})
	})
	select {
	case err := <-failed:
		return err
	case <-first:
	}
	if err := p.enter(ctx, lease); err != nil {
		return err
	}
	return p.tell(ctx, lease, failed)
}

// enter says that this master is there, with its agents.
func (p *peers) enter(ctx context.Context, lease store.Lease) error {
	if other := p.liveMaster(p.name); other.Instance != "" && other.Instance != p.own.Instance {
		return &fault.Error{
			Err:  fmt.Errorf("another master named %s runs at %s", p.name, other.Address),
			Hint: "stop it, or set this one up anew under another name (`sloth-runner master init --name`)",
		}
	}
	if err := p.register(ctx); err != nil {
		return err
	}
	value, err := json.Marshal(p.own)
	if err != nil {
		return err
	}
	if _, err := lease.Write(ctx, []store.LiveChange{{Key: liveMasterPrefix + p.name, Value: value, Claim: true}}); err != nil {
		return err
	}
	p.service.roster.claimAll()
	p.recover()
	return nil
}

// register writes where this master is, also for when it is away. Others that have not started for long are forgotten.
func (p *peers) register(ctx context.Context) error {
	now := p.service.config.Now()
	known := map[string]masterRecord{}
	var old []string
	err := p.store.Scan(ctx, masterPrefix, func(key string, value []byte) error {
		var record masterRecord
		if json.Unmarshal(value, &record) != nil || now.Sub(record.Started) > forgetAfter {
			old = append(old, key)
			return nil
		}
		known[strings.TrimPrefix(key, masterPrefix)] = record
		return nil
	})
	if err != nil {
		return err
	}
	old = slices.DeleteFunc(old, func(key string) bool { return p.liveMaster(strings.TrimPrefix(key, masterPrefix)).Instance != "" })
	own := masterRecord{Address: p.own.Address, Started: now}
	known[p.name] = own
	p.mu.Lock()
	p.known = known
	p.mu.Unlock()
	p.changed()
	return p.store.Update(ctx, func(tx store.Tx) error {
		return errors.Join(store.DeleteAll(tx, old), store.Put(tx, masterPrefix+p.name, own))
	})
}

// tell tells others what is new here, until the lease is lost or changes are told no more.
func (p *peers) tell(ctx context.Context, lease store.Lease, failed <-chan error) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-failed:
			return err
		case <-lease.Lost():
			return errors.New("the store has not heard of this master for too long")
		case <-p.service.roster.wake:
		}
		if other := p.liveMaster(p.name); other.Instance != p.own.Instance && other.Instance != "" {
			return fmt.Errorf("another master has come under the name %s, at %s", p.name, other.Address)
		}
		if !pause.For(ctx, gatherNews) {
			return ctx.Err()
		}
		if err := p.write(ctx, lease); err != nil {
			return err
		}
	}
}

func (p *peers) write(ctx context.Context, lease store.Lease) error {
	for told := range slices.Chunk(p.service.roster.takeUntold(p.name), store.MaxChanges) {
		changes := make([]store.LiveChange, len(told))
		for i, presence := range told {
			changes[i] = store.LiveChange{Key: liveAgentPrefix + presence.name, Claim: presence.claim}
			if presence.live != nil {
				value, err := json.Marshal(presence.live)
				if err != nil {
					return err
				}
				changes[i].Value = value
			}
		}
		revision, err := lease.Write(ctx, changes)
		if err != nil {
			return err
		}
		p.service.roster.claimed(told, revision)
	}
	return nil
}
