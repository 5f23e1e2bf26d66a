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
	// rejoinAfter is how long a master waits that was cut off from its store, before it tries again.
	rejoinAfter = time.Second
	// leaveTimeout bounds how long it may take to say that this master goes.
	leaveTimeout = 3 * time.Second
)

// Config is what a Cluster is made of.
type Config struct {
	// Store is that of this master. Where it is a store.Shared, others may use it as well.
	Store store.Store
	// Holder has this master's credentials.
	Holder *trust.Holder
	// Agents are those of this master.
	Agents Agents
	// Changed is called with the key of an entry that another master may have changed; "": any may be another than before. It
	// must be quick.
	Changed func(key string)
	// Address is where other masters reach this one, host:port.
	Address string
	// Masters are the addresses of all masters, as agents and operators get them. None: those that the masters have said of
	// themselves.
	Masters []string
	// Now is the clock.
	Now func() time.Time
	// Warn takes why this master was cut off from the others.
	Warn func(error)
}

// Cluster is this master among those that share its store. It is safe for concurrent use.
type Cluster struct {
	config Config
	store  store.Shared // nil: this master is alone
	own    liveMaster
	name   string

	mu     sync.Mutex
	well   bool
	off    chan struct{} // closed while this master is cut off
	on     chan struct{} // closed while it is not
	known  map[string]masterRecord
	live   map[string]liveMaster
	others chan struct{}              // closed and replaced when addresses change
	links  map[string]*client.Masters // by address
}

// New returns a Cluster. One that shares its store is cut off until it runs.
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

// instanceOf tells masters of the same name from each other: each has its key.
func instanceOf(c *trust.Credentials) string { return trust.KeyFingerprint(c.Key) }

// Run takes part until ctx ends. A master that is alone has nothing to do but wait.
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

// takePart takes part for as long as one lease lasts.
func (c *Cluster) takePart(ctx context.Context) error {
	lease, err := c.store.Lease(ctx)
	if err != nil {
		return err
	}
	defer func() {
		c.fence()
		// Without it the lease ends by itself.
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

// enter says that this master is there, with its agents.
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
