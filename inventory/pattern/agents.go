package pattern

import (
	"slices"
	"strings"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
)

// Agents are the persistent agents that are known by name. The list is fetched once, when a word could name an agent.
type Agents struct {
	known []model.Agent
	ask   func() []model.Agent
}

// NewAgents returns the known agents, or if ask is not nil the agents that it returns.
func NewAgents(known []model.Agent, ask func() []model.Agent) *Agents {
	return &Agents{known: known, ask: ask}
}

// All returns all agents.
func (a *Agents) All() []model.Agent {
	if a.ask != nil {
		a.known, a.ask = a.ask(), nil
	}
	return a.known
}

// Named returns the agent with that name, or nil. It does not fetch the list for a name that is not valid for an agent.
func (a *Agents) Named(name string) *model.Agent {
	if naming.IsThisMachine(name) || strings.ContainsAny(name, "@:/") {
		return nil
	}
	all := a.All()
	at := slices.IndexFunc(all, func(a model.Agent) bool { return a.Name == name })
	if at < 0 {
		return nil
	}
	return &all[at]
}
