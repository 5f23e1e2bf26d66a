package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/pause"
	"sloth-runner/registry/client"
	"sloth-runner/registry/store"
	"sloth-runner/trust"
)

const (
	// rejoinAfter is how long a fenced master waits before it tries again.
	rejoinAfter = time.Second
	// leaveTimeout limits how long a master may take to announce that it stops.
	leaveTimeout = 3 * time.Second
)

// Config is what a Cluster is made of.
type Config struct {
	// Store is the store of this master. When it is a store.Shared, other masters may use it as well.
	Store store.Store
	// Holder has this master's credentials.
	Holder *trust.Holder
	// Agents are the agents of this master.
	Agents Agents
	// Changed is called with the key of an entry that another master may have changed; "" stands for all entries. It
	// must not block.
	Changed func(key string)
	// Address is this master's address for other masters, host:port.
	Address string
	// Masters are the addresses of all masters for agents and operators. When it is empty, they are the addresses that
	// the masters have written.
	Masters []string
	// Now is the clock.
	Now func() time.Time
	// Warn is called with the error when this master is fenced.
	Warn func(error)
}

// Cluster is this master among the masters that share its store. It is safe for concurrent use.
type Cluster struct {
	config Config
	store  store.Shared // nil when this is the only master
	own    liveMaster
	name   string

	mu     sync.Mutex
	well   bool
	off    chan struct{} // closed while this master is fenced
	on     chan struct{} // closed while it is not fenced
	known  map[string]masterRecord
	live   map[string]liveMaster
	others chan struct{}              // closed and replaced when addresses change
	links  map[string]*client.Masters // by address
}

// New returns a Cluster. With a shared store it is fenced until it runs.
func New(config Config) *Cluster {
	c := &Cluster{
		config: config, well: true, off: make(chan struct{}), others: make(chan struct{}),
		known: map[string]masterRecord{}, live: map[string]liveMaster{}, links: map[string]*client.Masters{},
	}
	if shared, ok := config.Store.(store.Shared); ok {
		current := config.Holder.Current()
		c.store, c.name = shared, current.Identity.Name
		c.own = liveMaster{Address: config.Address, Instance: instanceOf(current)}
		c.fence()
	}
	return c
}

// instanceOf distinguishes masters of the same name by their keys.
func instanceOf(c *trust.Credentials) string { return trust.KeyFingerprint(c.Key) }

// Run takes part until ctx ends. Without a shared store it only waits.
func (c *Cluster) Run(ctx context.Context) {
	if c.store == nil {
		<-ctx.Done()
		return
	}
	defer c.closeLinks()
	for ctx.Err() == nil {
		err := c.takePart(ctx)
		if ctx.Err() != nil {
			return
		}
		c.fence()
		c.config.Warn(fmt.Errorf("cut off from the other masters: %w", err))
		pause.For(ctx, rejoinAfter)
	}
}

// takePart takes part until its lease ends.
func (c *Cluster) takePart(ctx context.Context) error {
	lease, err := c.store.Lease(ctx)
	if err != nil {
		return err
	}
	defer func() {
		c.fence()
		// Without this call the lease ends by itself.
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTimeout)
		defer cancel()
		_ = lease.Close(last)
	}()
	following, stop := context.WithCancel(ctx)
	first, failed := make(chan struct{}), make(chan error, 1)
	begun := sync.OnceFunc(func() { close(first) })
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	running.Go(func() {
		failed <- c.store.Follow(following, func(n store.Events) {
			c.see(n)
			if n.All {
				begun()
			}
		})
	})
	select {
	case err := <-failed:
		return err
	case <-first:
	}
	if err := c.enter(ctx, lease); err != nil {
		return err
	}
	return c.sendLoop(ctx, lease, failed)
}

// enter announces this master and its agents.
func (c *Cluster) enter(ctx context.Context, lease store.Lease) error {
	if other := c.liveMaster(c.name); other.Instance != "" && other.Instance != c.own.Instance {
		return &fault.Error{
			Err:  fmt.Errorf("another master named %s runs at %s", c.name, other.Address),
			Hint: "stop it, or set this one up anew under another name (`sloth-runner master init --name`)",
		}
	}
	if err := c.register(ctx); err != nil {
		return err
	}
	value, err := json.Marshal(c.own)
	if err != nil {
		return err
	}
	if _, err := lease.Write(ctx, []store.LiveChange{{Key: store.LiveMasterPrefix + c.name, Value: value, Claim: true}}); err != nil {
		return err
	}
	c.config.Agents.ClaimAll()
	c.recover()
	return nil
}
