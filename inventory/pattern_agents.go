package inventory

import (
	"slices"
	"strings"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
)

// agents are the persistent agents that are known by name. They are asked for once, where a word could name one.
type agents struct {
	known []model.Agent
	ask   func() []model.Agent
}

// newAgents returns those that are known, or those that ask returns, where it is not nil.
func newAgents(known []model.Agent, ask func() []model.Agent) *agents {
	return &agents{known: known, ask: ask}
}

// all are all of them.
func (a *agents) all() []model.Agent {
	if a.ask != nil {
		a.known, a.ask = a.ask(), nil
	}
	return a.known
}

// named returns the agent of that name; nil: there is none. What can't be the name of one is not asked for.
func (a *agents) named(name string) *model.Agent {
	if naming.IsThisMachine(name) || strings.ContainsAny(name, "@:/") {
		return nil
	}
	all := a.all()
	at := slices.IndexFunc(all, func(a model.Agent) bool { return a.Name == name })
	if at < 0 {
		return nil
	}
	return &all[at]
}
