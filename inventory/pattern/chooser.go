package pattern

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// maxNames bounds the names that the ranges of all patterns may stand for.
const maxNames = 1 << 20

// Chooser finds the hosts that patterns name. What is wrong with a pattern is noted.
type Chooser struct {
	inv      *model.Inventory
	agents   *Agents
	problems *problems.List
	// notFound notes that nothing knows a name.
	notFound func(name string)
	// namesLeft bounds the names that ranges may stand for.
	namesLeft int
	// byAgentName are the hosts whose agents have other names than they; nil: not looked for yet.
	byAgentName map[string]*model.Host
}

// NewChooser returns one for the hosts of an inventory and for agents. It adds to problems, and calls notFound for each name
// that narrows and that neither knows.
func NewChooser(inv *model.Inventory, agents *Agents, problems *problems.List, notFound func(name string)) *Chooser {
	return &Chooser{inv: inv, agents: agents, problems: problems, notFound: notFound, namesLeft: maxNames}
}

// Words returns the hosts that words name together, at least one.
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

// Limit reads the words of a limit, at least one. With terms that only narrow, it covers all other hosts.
func (c *Chooser) Limit(words []string) *Pattern {
	terms := c.terms(words)
	if len(terms) == 0 {
		c.problems.Add("expected a host or a pattern instead of an empty limit")
	}
	p := c.pattern(terms)
	p.all = !slices.ContainsFunc(terms, func(t term) bool { return t.op == 0 })
	return p
}
