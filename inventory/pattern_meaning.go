package inventory

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// meaning is what a term stands for.
type meaning struct {
	text string
	// choices are the hosts that it names, in the order in which a person would expect them; has has them by name.
	choices []choice
	has     map[string]bool
	// glob fits names, also those of hosts that are not in the inventory; nil where the term has no glob.
	glob *regexp.Regexp
	// list is what a file of patterns says; nil for other terms.
	list *pattern
}

func (m *meaning) add(c choice) {
	if m.has == nil {
		m.has = map[string]bool{}
	}
	if !m.has[c.name] {
		m.has[c.name] = true
		m.choices = append(m.choices, c)
	}
}

func (m *meaning) addHosts(hosts []*host) {
	for _, h := range hosts {
		m.add(choice{name: h.name, host: h})
	}
}

// covers reports whether c is one of those that the term means: by its name, or as the host that it is.
func (m *meaning) covers(c choice) bool {
	if m.list != nil {
		return m.list.covers(c)
	}
	fits := func(name string) bool {
		return m.has[name] || m.glob != nil && c.host == nil && m.glob.MatchString(name)
	}
	return slices.ContainsFunc(c.names(), fits)
}

// meaning finds what a term stands for; what is wrong with it is noted. As in Ansible, a name that a host and a group have
// is the host. A term that narrows takes both, so that ! leaves out no less than what is meant.
func (r *resolution) meaning(op byte, text string) *meaning {
	m := &meaning{text: text}
	switch g, h := r.inv.groups[text], r.inv.hosts[text]; {
	case g != nil && h != nil && op == 0 && text != allName:
		m.addHosts([]*host{h})
	case g != nil:
		m.addHosts(r.inv.members(g))
		if h != nil {
			m.addHosts([]*host{h})
		}
		if text == allName && len(r.inv.order) == 0 {
			r.addAgents(m, func(string) bool { return true })
		}
	case h != nil:
		m.addHosts([]*host{h})
	case len(text) > maxWord:
		r.wrong(text, fmt.Errorf("longer than %d bytes", maxWord))
	case !printable(text):
		r.wrong(text, errNotPrintable)
	case strings.HasPrefix(text, tagPrefix):
		r.addTagged(m)
	case !strings.ContainsAny(text, "*?[]") && r.addOdd(text):
	case strings.HasPrefix(text, "~"):
		r.addMatches(m, compileRegex)
	case strings.HasPrefix(text, "@"):
		r.addList(m)
	case strings.ContainsAny(text, "*?[]"):
		r.addPattern(m)
	default:
		r.addWord(m, text)
	}
	return m
}

// wrong notes that something stands against a word.
func (r *resolution) wrong(text string, err error) {
	r.problems.add(fmt.Sprintf("can't resolve %s: %v", showWord(text), err))
}

// addList reads a file of patterns.
func (r *resolution) addList(m *meaning) {
	lines, err := readList(m.text[1:])
	if err != nil {
		r.problems.add(err.Error())
		return
	}
	m.list = r.pattern(r.inv.terms(lines))
	for _, c := range r.choose(m.list) {
		m.add(c)
	}
}

// addPattern looks at a word with characters that stand for others. What brackets mean depends on what there is.
func (r *resolution) addPattern(m *meaning) {
	if r.addSubscript(m) {
		return
	}
	if err := checkRanges(m.text); err != nil {
		r.wrong(m.text, err)
		return
	}
	if isGlob(m.text) && !strings.ContainsAny(m.text, "@:") {
		r.addMatches(m, compileGlob)
		return
	}
	names, err := expandNodes(m.text, r.namesLeft)
	if err != nil {
		r.wrong(m.text, err)
		return
	}
	if r.isClass(m.text, names) {
		r.addMatches(m, compileGlob)
		return
	}
	r.namesLeft -= len(names)
	for _, name := range names {
		if !r.addWord(m, name) {
			return
		}
	}
}

// isClass reports whether the brackets in text, which may stand for names, are those of a glob: something else than a range
// is left, and it is no IPv6 address; or there is none of the names, but a host that the class fits, as with web[12] and
// web1.
func (r *resolution) isClass(text string, names []string) bool {
	switch {
	case strings.ContainsAny(text, "@:"):
		return false
	case strings.Contains(names[0], "["):
		return true
	case r.knowsOneOf(names):
		return false
	}
	class, err := compileGlob(text)
	return err == nil && slices.ContainsFunc(r.inv.order, func(h *host) bool { return class.MatchString(h.name) })
}

// knowsOneOf reports whether one of the names is a host of the inventory.
func (r *resolution) knowsOneOf(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return r.inv.hosts[name] != nil })
}

// addMatches adds the hosts whose name fits, and those of the groups whose name fits, in the order of the inventory.
func (r *resolution) addMatches(m *meaning, compile func(string) (*regexp.Regexp, error)) {
	glob, err := compile(m.text)
	if err != nil {
		r.wrong(m.text, err)
		return
	}
	m.glob = glob
	member := map[*host]bool{}
	for _, g := range r.inv.groupOrder {
		if glob.MatchString(g.name) {
			for _, h := range r.inv.members(g) {
				member[h] = true
			}
		}
	}
	for _, h := range r.inv.order {
		if member[h] || glob.MatchString(h.name) {
			m.addHosts([]*host{h})
		}
	}
	r.addAgents(m, glob.MatchString)
}

// addWord adds what a word without a pattern names, unless something is wrong with it.
func (r *resolution) addWord(m *meaning, text string) bool {
	if h := r.inv.hosts[text]; h != nil {
		m.addHosts([]*host{h})
		return true
	}
	if agent := r.registered(text); agent != nil {
		m.add(r.agentChoice(agent))
		return true
	}
	w, err := parseWord(text)
	if err != nil {
		if r.addOdd(text[strings.LastIndexByte(text, '@')+1:]) {
			return false
		}
		r.wrong(text, err)
		if isGlob(text) {
			r.problems.hint("a pattern takes hosts of the inventory, whose user is given with -u or there")
		}
		return false
	}
	c := choice{name: w.name(), word: w}
	if w.kind == sshWord {
		c.host = r.inv.hosts[w.host]
		if c.host == nil && r.inv.groups[w.host] != nil {
			r.problems.add(fmt.Sprintf("can't resolve %s: %s is a group of hosts", showWord(text), show(w.host)))
			r.problems.hint("name the group alone, and the user with -u")
			return false
		}
	}
	m.add(c)
	return true
}
