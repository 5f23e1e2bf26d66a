package pattern

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// meaning is what a term selects.
type meaning struct {
	text string
	// choices are the hosts of the term: in the order of the inventory, of the group or of the range. has has their
	// names.
	choices []Choice
	has     map[string]bool
	// glob also matches names of hosts that are not in the inventory; nil if the term has no glob.
	glob *regexp.Regexp
	// list is the pattern of a file; nil for other terms.
	list *Pattern
}

func (m *meaning) add(c Choice) {
	if m.has == nil {
		m.has = map[string]bool{}
	}
	if !m.has[c.Name] {
		m.has[c.Name] = true
		m.choices = append(m.choices, c)
	}
}

func (m *meaning) addHosts(hosts []*model.Host) {
	for _, h := range hosts {
		m.add(Choice{Name: h.Name, Host: h})
	}
}

// covers reports whether the term selects c, by its name or as the same host.
func (m *meaning) covers(c Choice) bool {
	if m.list != nil {
		return m.list.Covers(c)
	}
	fits := func(name string) bool {
		return m.has[name] || m.glob != nil && c.Host == nil && m.glob.MatchString(name)
	}
	return slices.ContainsFunc(c.names(), fits)
}

// meaning finds what a term selects, and adds its problems. As in Ansible, a name of both a host and a group means the
// host. Behind & and ! it means both, so that ! removes at least what the user meant.
func (c *Chooser) meaning(op byte, text string) *meaning {
	m := &meaning{text: text}
	switch g, h := c.inv.Group(text), c.inv.Host(text); {
	case g != nil && h != nil && op == 0 && text != model.All:
		m.addHosts([]*model.Host{h})
	case g != nil:
		m.addHosts(c.inv.HostsOf(g))
		if h != nil {
			m.addHosts([]*model.Host{h})
		}
		if text == model.All && len(c.inv.AllHosts()) == 0 {
			c.addAgents(m, func(string) bool { return true })
		}
	case h != nil:
		m.addHosts([]*model.Host{h})
	case len(text) > naming.MaxWord:
		c.wrong(text, fmt.Errorf("longer than %d bytes", naming.MaxWord))
	case !naming.Printable(text):
		c.wrong(text, naming.ErrNotPrintable)
	case strings.HasPrefix(text, tagPrefix):
		c.addTagged(m)
	case !strings.ContainsAny(text, "*?[]") && c.addOdd(text):
	case strings.HasPrefix(text, "~"):
		c.addMatches(m, compileRegex)
	case strings.HasPrefix(text, "@"):
		c.addList(m)
	case strings.ContainsAny(text, "*?[]"):
		c.addPattern(m)
	default:
		c.addWord(m, text)
	}
	return m
}

// wrong adds a problem with a word.
func (c *Chooser) wrong(text string, err error) {
	c.problems.Add(fmt.Sprintf("can't resolve %s: %v", naming.ShowWord(text), err))
}

// addList reads a file of patterns.
func (c *Chooser) addList(m *meaning) {
	lines, err := readList(m.text[1:])
	if err != nil {
		c.problems.Add(err.Error())
		return
	}
	m.list = c.pattern(c.terms(lines))
	for _, found := range c.choose(m.list) {
		m.add(found)
	}
}

// addPattern adds the hosts of a word with wildcards or brackets. The meaning of brackets depends on the hosts that
// exist.
func (c *Chooser) addPattern(m *meaning) {
	if c.addSubscript(m) {
		return
	}
	if err := checkRanges(m.text); err != nil {
		c.wrong(m.text, err)
		return
	}
	if isGlob(m.text) && !strings.ContainsAny(m.text, "@:") {
		c.addMatches(m, compileGlob)
		return
	}
	names, err := expandNodes(m.text, c.namesLeft)
	if err != nil {
		c.wrong(m.text, err)
		return
	}
	if c.isClass(m.text, names) {
		c.addMatches(m, compileGlob)
		return
	}
	c.namesLeft -= len(names)
	for _, name := range names {
		if !c.addWord(m, name) {
			return
		}
	}
}

// isClass reports whether the brackets in text are a character class of a glob, and not a range that expands to names.
// They are a class if brackets remain outside of ranges and text is not an IPv6 address, or if none of the names exists
// but the class matches a host, as web[12] matches web1.
func (c *Chooser) isClass(text string, names []string) bool {
	switch {
	case strings.ContainsAny(text, "@:"):
		return false
	case strings.Contains(names[0], "["):
		return true
	case c.knowsOneOf(names):
		return false
	}
	class, err := compileGlob(text)
	return err == nil && slices.ContainsFunc(c.inv.AllHosts(), func(h *model.Host) bool { return class.MatchString(h.Name) })
}

// knowsOneOf reports whether one of the names is a host of the inventory.
func (c *Chooser) knowsOneOf(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return c.inv.Host(name) != nil })
}

// addMatches adds the hosts with a matching name and those of groups with a matching name, in the order of the
// inventory.
func (c *Chooser) addMatches(m *meaning, compile func(string) (*regexp.Regexp, error)) {
	glob, err := compile(m.text)
	if err != nil {
		c.wrong(m.text, err)
		return
	}
	m.glob = glob
	member := map[*model.Host]bool{}
	for _, g := range c.inv.AllGroups() {
		if glob.MatchString(g.Name) {
			for _, h := range c.inv.HostsOf(g) {
				member[h] = true
			}
		}
	}
	for _, h := range c.inv.AllHosts() {
		if member[h] || glob.MatchString(h.Name) {
			m.addHosts([]*model.Host{h})
		}
	}
	c.addAgents(m, glob.MatchString)
}

// addWord adds the hosts of a word without a pattern. It reports false if the word is wrong.
func (c *Chooser) addWord(m *meaning, text string) bool {
	if h := c.inv.Host(text); h != nil {
		m.addHosts([]*model.Host{h})
		return true
	}
	if agent := c.agents.Named(text); agent != nil {
		m.add(c.agentChoice(agent))
		return true
	}
	w, err := naming.ParseWord(text)
	if err != nil {
		if c.addOdd(text[strings.LastIndexByte(text, '@')+1:]) {
			return false
		}
		c.wrong(text, err)
		if isGlob(text) {
			c.problems.Hint("a pattern takes hosts of the inventory, whose user is given with -u or there")
		}
		return false
	}
	named := Choice{Name: w.Name(), Word: w}
	if w.Kind == naming.SSHWord {
		named.Host = c.inv.Host(w.Host)
		if named.Host == nil && c.inv.Group(w.Host) != nil {
			c.problems.Add(fmt.Sprintf("can't resolve %s: %s is a group of hosts", naming.ShowWord(text), problems.Show(w.Host)))
			c.problems.Hint("name the group alone, and the user with -u")
			return false
		}
	}
	m.add(named)
	return true
}
