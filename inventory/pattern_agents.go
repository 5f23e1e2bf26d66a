package inventory

import (
	"slices"
	"strings"

	"sloth-runner/inventory/naming"
)

// agents are the persistent agents that are known by name. They are asked for once, where a word could name one.
type agents struct {
	known []Registered
	ask   func() []Registered
}

// newAgents returns those that are known, or those that ask returns, where it is not nil.
func newAgents(known []Registered, ask func() []Registered) *agents {
	return &agents{known: known, ask: ask}
}

// all are all of them.
func (a *agents) all() []Registered {
	if a.ask != nil {
		a.known, a.ask = a.ask(), nil
	}
	return a.known
}

// named returns the agent of that name; nil: there is none. What can't be the name of one is not asked for.
func (a *agents) named(name string) *Registered {
	if naming.IsThisMachine(name) || strings.ContainsAny(name, "@:/") {
		return nil
	}
	all := a.all()
	at := slices.IndexFunc(all, func(a Registered) bool { return a.Name == name })
	if at < 0 {
		return nil
	}
	return &all[at]
}
