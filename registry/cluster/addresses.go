package cluster

import (
	"maps"
	"slices"

	"sloth-runner/registry/client"
)

func (c *Cluster) liveMaster(name string) liveMaster {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.live[name]
}

func (c *Cluster) changed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.others)
	c.others = make(chan struct{})
}

// Addresses returns the addresses of all masters, as agents and operators get them.
func (c *Cluster) Addresses() []string {
	addresses, _ := c.WatchAddresses()
	return addresses
}

// WatchAddresses returns Addresses, and a channel that is closed when they change.
func (c *Cluster) WatchAddresses() ([]string, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.config.Masters) > 0 || c.store == nil {
		return c.config.Masters, c.others
	}
	set := map[string]bool{}
	for _, record := range c.known {
		set[record.Address] = true
	}
	return slices.Sorted(maps.Keys(set)), c.others
}

// Running returns the names of the running masters.
func (c *Cluster) Running() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.live))
}

// Link returns the connection to another master, or nil when that master is not running. It stays open until Run ends.
func (c *Cluster) Link(master string) *client.Masters {
	c.mu.Lock()
	defer c.mu.Unlock()
	address := c.live[master].Address
	if address == "" {
		return nil
	}
	if c.links[address] == nil {
		c.links[address] = client.NewMasters(c.config.Holder, []string{address})
	}
	return c.links[address]
}

func (c *Cluster) closeLinks() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, link := range c.links {
		link.Close()
	}
	clear(c.links)
}
