package registry

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// suspects are the entries that another master may have changed and that matter here.
type suspects struct {
	// wake receives when there are any, or when the revocations may have changed.
	wake chan struct{}

	mu     sync.Mutex
	agents map[string]bool
	all    bool
}

func newSuspects() *suspects {
	return &suspects{wake: make(chan struct{}, 1), agents: map[string]bool{}}
}

// changed records that an entry has changed; "" stands for all entries.
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

// take returns the agents whose records may have changed. all says that any may have.
func (s *suspects) take() (agents []string, all bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	agents, all = slices.Collect(maps.Keys(s.agents)), s.all
	clear(s.agents)
	s.all = false
	return agents, all
}
