package pattern

import (
	"slices"
	"strings"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
)

// Agents are the persistent agents that are known by name. They are asked for once, where a word could name one.
type Agents struct {
	known []model.Agent
	ask   func() []model.Agent
}

// NewAgents returns those that are known, or those that ask returns, where it is not nil.
func NewAgents(known []model.Agent, ask func() []model.Agent) *Agents {
	return &Agents{known: known, ask: ask}
}

// All are all of them.
func (a *Agents) All() []model.Agent {
	if a.ask != nil {
		a.known, a.ask = a.ask(), nil
	}
	return a.known
}

// Named returns the agent of that name; nil: there is none. What can't be the name of one is not asked for.
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
