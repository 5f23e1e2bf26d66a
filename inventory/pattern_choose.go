package inventory

import (
	"fmt"
	"slices"
)

// pattern is a list of terms that were looked at.
type pattern struct {
	// union is what is named, both is what of that is kept, and without is what is left out.
	union, both, without []*meaning
	// all says that every host is named, those that the inventory doesn't have among them.
	all bool
}

// pattern looks at each term once. As in Ansible, one that only narrows narrows all hosts of the inventory.
func (r *resolution) pattern(terms []term) *pattern {
	p := &pattern{}
	seen := map[term]bool{}
	for _, t := range terms {
		if seen[t] {
			continue
		}
		seen[t] = true
		m := r.meaning(t.op, t.text)
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
		p.union = []*meaning{r.meaning(0, allName)}
	}
	return p
}

// choose returns what a pattern names, each host once. A term that names nothing is noted: in one that narrows it would be
// a mistake that nobody sees until it runs on the wrong hosts.
func (r *resolution) choose(p *pattern) []choice {
	var named []choice
	seen := map[string]bool{}
	for _, m := range p.union {
		if len(m.choices) == 0 && m.list == nil {
			r.nothing(m)
		}
		for _, c := range m.choices {
			if !seen[c.name] {
				seen[c.name] = true
				named = append(named, c)
			}
		}
	}
	r.checkNarrowing(p, named)
	var left []choice
	for _, c := range named {
		if p.admits(c) {
			left = append(left, c)
		}
	}
	return left
}

// covers reports whether the pattern means c.
func (p *pattern) covers(c choice) bool {
	covers := func(m *meaning) bool { return m.covers(c) }
	return (p.all || slices.ContainsFunc(p.union, covers)) && p.admits(c)
}

// admits reports whether what narrows the pattern lets c through.
func (p *pattern) admits(c choice) bool {
	covers := func(m *meaning) bool { return m.covers(c) }
	return !slices.ContainsFunc(p.both, func(m *meaning) bool { return !covers(m) }) && !slices.ContainsFunc(p.without, covers)
}

// nothing notes that no host is in what a term names.
func (r *resolution) nothing(m *meaning) {
	switch {
	case r.inv.groups[m.text] != nil:
		r.problems.add(fmt.Sprintf("group %s has no hosts", show(m.text)))
	case r.addOdd(m.text):
		return
	case m.glob != nil:
		r.problems.add(fmt.Sprintf("can't resolve %s: no host or group of the inventory fits", showWord(m.text)))
	default:
		return // it was said what is wrong with it
	}
	if len(r.inv.order) == 0 {
		r.problems.hint("give an inventory with -i FILE")
	}
}

// checkNarrowing notes what narrows and means no host of the inventory and none of those that are named. Files that only
// say which hosts to keep may have others, too.
func (r *resolution) checkNarrowing(p *pattern, named []choice) {
	if len(p.both)+len(p.without) == 0 {
		return
	}
	known := knownNames(named)
	for _, m := range p.both {
		if m.list == nil {
			r.checkTerm(m, named, known)
		}
	}
	for _, m := range p.without {
		r.checkTerm(m, named, known)
	}
}

func knownNames(named []choice) map[string]bool {
	known := map[string]bool{}
	for _, c := range named {
		for _, name := range c.names() {
			known[name] = true
		}
	}
	return known
}

// checkTerm notes what one term means in vain; known are the names of the named hosts.
func (r *resolution) checkTerm(m *meaning, named []choice, known map[string]bool) {
	if m.glob != nil && len(m.choices) == 0 && !slices.ContainsFunc(named, m.covers) {
		r.nothing(m)
	}
	for _, c := range m.choices {
		if c.host == nil && c.agent == nil && !known[c.name] {
			r.notFound(c.name, nil)
		}
	}
}
