package registry

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"sloth-runner/registry/store"
)

// see takes what others have changed.
func (p *peers) see(n store.News) {
	if n.All {
		p.seeAll(n.Changes)
	}
	for _, change := range n.Changes {
		switch key := change.Key; {
		case strings.HasPrefix(key, liveAgentPrefix):
			p.seeAgent(strings.TrimPrefix(key, liveAgentPrefix), change)
		case strings.HasPrefix(key, liveMasterPrefix):
			p.seeMaster(strings.TrimPrefix(key, liveMasterPrefix), change.Value)
		case strings.HasPrefix(key, masterPrefix):
			p.seeAddress(strings.TrimPrefix(key, masterPrefix), change.Value)
		case strings.HasPrefix(key, agentPrefix):
			p.suspects(strings.TrimPrefix(key, agentPrefix))
		case key == revokedKey:
			p.suspects("")
		}
	}
}

// seeAll forgets what is there no more.
func (p *peers) seeAll(there []store.Change) {
	agents := map[string]bool{}
	p.mu.Lock()
	clear(p.live)
	p.missed = true
	p.mu.Unlock()
	for _, change := range there {
		if name, ok := strings.CutPrefix(change.Key, liveAgentPrefix); ok {
			agents[name] = true
		}
	}
	p.service.roster.onlyAway(agents)
	p.suspects("")
}

func (p *peers) seeAgent(name string, change store.Change) {
	var live liveAgent
	if change.Value == nil || json.Unmarshal(change.Value, &live) != nil || live.Master == p.name {
		// What this master has written, it knows.
		p.service.roster.moved(name, nil, change.Revision)
		return
	}
	p.service.roster.moved(name, &live, change.Revision)
}

func (p *peers) seeMaster(name string, value []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var live liveMaster
	if value == nil || json.Unmarshal(value, &live) != nil {
		delete(p.live, name)
		return
	}
	p.live[name] = live
}

func (p *peers) seeAddress(name string, value []byte) {
	var record masterRecord
	p.mu.Lock()
	before := p.known[name]
	if value == nil || json.Unmarshal(value, &record) != nil {
		delete(p.known, name)
	} else {
		p.known[name] = record
	}
	p.mu.Unlock()
	if before.Address != record.Address {
		p.changed()
	}
}

// suspects notes that an agent's record has changed; "": the revocations have.
func (p *peers) suspects(agent string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if agent != "" {
		p.suspect[agent] = true
	}
	select {
	case p.relevant <- struct{}{}:
	default:
	}
}

// takeSuspects are the agents whose records have changed; with all any may have.
func (p *peers) takeSuspects() (names []string, all bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	names, all = slices.Collect(maps.Keys(p.suspect)), p.missed
	clear(p.suspect)
	p.missed = false
	return names, all
}
