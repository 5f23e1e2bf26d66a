package registry

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// suspects are the entries that another master may have changed, and on which something here depends.
type suspects struct {
	// wake has something when there are any, or when the revocations may be others.
	wake chan struct{}

	mu     sync.Mutex
	agents map[string]bool
	all    bool
}

func newSuspects() *suspects {
	return &suspects{wake: make(chan struct{}, 1), agents: map[string]bool{}}
}

// changed notes that an entry has changed; "": any may have.
func (s *suspects) changed(key string) {
	agent, isAgent := strings.CutPrefix(key, agentPrefix)
	if !isAgent && key != revokedKey && key != "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = s.all || key == ""
	if isAgent {
		s.agents[agent] = true
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// take returns the agents whose records may have changed; with all any may have.
func (s *suspects) take() (agents []string, all bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	agents, all = slices.Collect(maps.Keys(s.agents)), s.all
	clear(s.agents)
	s.all = false
	return agents, all
}
