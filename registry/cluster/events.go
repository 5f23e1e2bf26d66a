package cluster

import (
	"encoding/json"
	"strings"

	"sloth-runner/registry/store"
)

// see handles changes of other masters.
func (c *Cluster) see(n store.Events) {
	if n.All {
		c.seeAll(n.Changes)
	}
	for _, change := range n.Changes {
		switch key := change.Key; {
		case strings.HasPrefix(key, liveAgentPrefix):
			c.seeAgent(strings.TrimPrefix(key, liveAgentPrefix), change)
		case strings.HasPrefix(key, store.LiveMasterPrefix):
			c.seeMaster(strings.TrimPrefix(key, store.LiveMasterPrefix), change.Value)
		case strings.HasPrefix(key, store.MasterPrefix):
			c.seeAddress(strings.TrimPrefix(key, store.MasterPrefix), change.Value)
		default:
			c.config.Changed(key)
		}
	}
}

// seeAll drops what does not exist any more.
func (c *Cluster) seeAll(there []store.Change) {
	agents := map[string]bool{}
	c.mu.Lock()
	clear(c.live)
	c.mu.Unlock()
	for _, change := range there {
		if name, ok := strings.CutPrefix(change.Key, liveAgentPrefix); ok {
			agents[name] = true
		}
	}
	c.config.Agents.OnlyElsewhere(agents)
	c.config.Changed("")
}

func (c *Cluster) seeAgent(name string, change store.Change) {
	var agent Agent
	if change.Value == nil || json.Unmarshal(change.Value, &agent) != nil || agent.Master == c.name {
		// This master knows its own agents.
		c.config.Agents.Moved(name, nil, change.Revision)
		return
	}
	c.config.Agents.Moved(name, &agent, change.Revision)
}

func (c *Cluster) seeMaster(name string, value []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var live liveMaster
	if value == nil || json.Unmarshal(value, &live) != nil {
		delete(c.live, name)
		return
	}
	c.live[name] = live
}

func (c *Cluster) seeAddress(name string, value []byte) {
	var record masterRecord
	c.mu.Lock()
	before := c.known[name]
	if value == nil || json.Unmarshal(value, &record) != nil {
		delete(c.known, name)
	} else {
		c.known[name] = record
	}
	c.mu.Unlock()
	if before.Address != record.Address {
		c.changed()
	}
}
