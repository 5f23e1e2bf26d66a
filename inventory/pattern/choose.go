package pattern

import (
	"fmt"
	"slices"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// Pattern is a list of terms whose meaning is known.
type Pattern struct {
	// union are the terms that select hosts, both the terms behind &, and without the terms behind !.
	union, both, without []*meaning
	// all says that every host is selected, also those that the inventory does not have.
	all bool
}

// pattern finds the meaning of each term once. As in Ansible, a pattern with only & and ! narrows all hosts of the
// inventory.
func (c *Chooser) pattern(terms []term) *Pattern {
	p := &Pattern{}
	seen := map[term]bool{}
	for _, t := range terms {
		if seen[t] {
			continue
		}
		seen[t] = true
		m := c.meaning(t.op, t.text)
		switch t.op {
		case '&':
			p.both = append(p.both, m)
		case '!':
			p.without = append(p.without, m)
		default:
			p.union = append(p.union, m)
		}
	}
	if len(p.union) == 0 && len(terms) > 0 {
		p.union = []*meaning{c.meaning(0, model.All)}
	}
	return p
}

// choose returns the hosts of a pattern, each once. A term that matches nothing is a problem: with & or ! the mistake
// would not show until tasks ran on the wrong hosts.
func (c *Chooser) choose(p *Pattern) []Choice {
	var named []Choice
	seen := map[string]bool{}
	for _, m := range p.union {
		if len(m.choices) == 0 && m.list == nil {
			c.nothing(m)
		}
		for _, found := range m.choices {
			if !seen[found.Name] {
				seen[found.Name] = true
				named = append(named, found)
			}
		}
	}
	c.checkNarrowing(p, named)
	var left []Choice
	for _, found := range named {
		if p.admits(found) {
			left = append(left, found)
		}
	}
	return left
}

// Covers reports whether the pattern selects c.
func (p *Pattern) Covers(c Choice) bool {
	covers := func(m *meaning) bool { return m.covers(c) }
	return (p.all || slices.ContainsFunc(p.union, covers)) && p.admits(c)
}

// admits reports whether the terms behind & and ! let c through.
func (p *Pattern) admits(c Choice) bool {
	covers := func(m *meaning) bool { return m.covers(c) }
	return !slices.ContainsFunc(p.both, func(m *meaning) bool { return !covers(m) }) && !slices.ContainsFunc(p.without, covers)
}

// nothing adds the problem that a term matches no host.
func (c *Chooser) nothing(m *meaning) {
	switch {
	case c.inv.Group(m.text) != nil:
		c.problems.Add(fmt.Sprintf("group %s has no hosts", problems.Show(m.text)))
	case c.addOdd(m.text):
		return
	case m.glob != nil:
		c.problems.Add(fmt.Sprintf("can't resolve %s: no host or group of the inventory fits", naming.ShowWord(m.text)))
	default:
		return // the problem was added already
	}
	if len(c.inv.AllHosts()) == 0 {
		c.problems.Hint("give an inventory with -i FILE")
	}
}

// checkNarrowing adds a problem for each term behind & or ! that matches neither a host of the inventory nor a named
// host. A file behind & may have hosts that do not exist.
func (c *Chooser) checkNarrowing(p *Pattern, named []Choice) {
	if len(p.both)+len(p.without) == 0 {
		return
	}
	known := knownNames(named)
	for _, m := range p.both {
		if m.list == nil {
			c.checkTerm(m, named, known)
		}
	}
	for _, m := range p.without {
		c.checkTerm(m, named, known)
	}
}

func knownNames(named []Choice) map[string]bool {
	known := map[string]bool{}
	for _, c := range named {
		for _, name := range c.names() {
			known[name] = true
		}
	}
	return known
}

// checkTerm adds the problems of one term. known are the names of the named hosts.
func (c *Chooser) checkTerm(m *meaning, named []Choice, known map[string]bool) {
	if m.glob != nil && len(m.choices) == 0 && !slices.ContainsFunc(named, m.covers) {
		c.nothing(m)
	}
	for _, found := range m.choices {
		if found.Host == nil && found.Agent == nil && !known[found.Name] {
			c.notFound(found.Name)
		}
	}
}
