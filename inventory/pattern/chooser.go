package pattern

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// maxNames limits the names that the ranges of all patterns expand to.
const maxNames = 1 << 20

// Chooser finds the hosts that patterns select. It adds the problems of patterns to a list.
type Chooser struct {
	inv      *model.Inventory
	agents   *Agents
	problems *problems.List
	// notFound is called for a name that is unknown.
	notFound func(name string)
	// namesLeft is how many more names ranges may expand to.
	namesLeft int
	// byAgentName are the hosts whose agents have another name than the host; nil before the first use.
	byAgentName map[string]*model.Host
}

// NewChooser returns a Chooser for the hosts of an inventory and for agents. It adds to problems, and calls notFound for
// each unknown name behind & or !.
func NewChooser(inv *model.Inventory, agents *Agents, problems *problems.List, notFound func(name string)) *Chooser {
	return &Chooser{inv: inv, agents: agents, problems: problems, notFound: notFound, namesLeft: maxNames}
}

// Words returns the hosts that words select together. No host is a problem.
func (c *Chooser) Words(words []string) []Choice {
	terms := c.terms(words)
	if len(terms) == 0 {
		c.problems.Add("expected the name of a host instead of an empty one")
	}
	choices := c.choose(c.pattern(terms))
	if len(choices) == 0 && c.problems.Count() == 0 {
		c.problems.Add(fmt.Sprintf("no host is left of %s", naming.ShowWord(strings.Join(words, ","))))
	}
	return choices
}

// Limit parses the words of a limit, at least one. A limit with only & and ! covers all other hosts.
func (c *Chooser) Limit(words []string) *Pattern {
	terms := c.terms(words)
	if len(terms) == 0 {
		c.problems.Add("expected a host or a pattern instead of an empty limit")
	}
	p := c.pattern(terms)
	p.all = !slices.ContainsFunc(terms, func(t term) bool { return t.op == 0 })
	return p
}
