package cluster

// Off returns a channel that is closed while this master is fenced. It must not serve then, because it would not learn
// of revocations.
func (c *Cluster) Off() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.off
}

func (c *Cluster) fence() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.well {
		c.well, c.on = false, make(chan struct{})
		close(c.off)
	}
}

// IsWell reports whether this master is not fenced.
func (c *Cluster) IsWell() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.well
}

// Health reports whether this master is not fenced, and returns a channel that is closed when that changes.
func (c *Cluster) Health() (bool, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.well {
		return true, c.off
	}
	return false, c.on
}

func (c *Cluster) recover() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.well {
		c.well, c.off = true, make(chan struct{})
		close(c.on)
	}
}
