package pattern

import (
	"fmt"
	"strconv"
	"strings"

	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// subscript is [N], [N:M] or [N-M] behind a group, or [N] or [N:M] behind a glob. It selects some of the hosts, counted
// from 0, with both ends included. Negative numbers count from the end.
type subscript struct {
	from, to int
	// one says that there is one number, and that its host must exist.
	one bool
	// dash says that a - separates the ends, as in a range of names.
	dash bool
}

// cutSubscript splits the subscript from a pattern.
func cutSubscript(text string) (group string, s subscript, ok bool) {
	open := strings.LastIndexByte(text, '[')
	if open <= 0 || !strings.HasSuffix(text, "]") {
		return "", s, false
	}
	inside := text[open+1 : len(text)-1]
	from, to, ranged := strings.Cut(inside, ":")
	if !ranged && strings.LastIndexByte(inside, '-') > 0 {
		from, to, s.dash = strings.Cut(inside, "-")
		ranged = true
	}
	s.one, s.to = !ranged, -1
	var fromErr, toErr error
	if from != "" || !ranged {
		s.from, fromErr = index(from)
	}
	if to != "" {
		s.to, toErr = index(to)
	}
	return text[:open], s, fromErr == nil && toErr == nil
}

// index parses a number of a subscript. A number with a leading zero is part of a name.
func index(text string) (int, error) {
	if digits := strings.TrimPrefix(text, "-"); !naming.AllDigits(digits) || len(digits) > 1 && digits[0] == '0' {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(text)
}

// picked returns the items that the subscript selects. As in Ansible and Python, a slice may end behind the end of the
// list.
func picked[T any](s subscript, list []T) []T {
	from, to := s.from, s.to
	if from < 0 {
		from += len(list)
	}
	if to < 0 {
		to += len(list)
	}
	if s.one {
		to = from
		if from < 0 {
			return nil
		}
	}
	from, to = max(from, 0), min(to, len(list)-1)
	if from > to {
		return nil
	}
	return list[from : to+1]
}

// addSubscript adds some hosts of a group or of a glob, if the word has a subscript. It reports whether it has.
func (c *Chooser) addSubscript(m *meaning) bool {
	name, subscript, ok := cutSubscript(m.text)
	if !ok {
		return false
	}
	g := c.inv.Group(name)
	if g == nil {
		return c.addGlobSubscript(m, name, subscript)
	}
	if subscript.dash {
		names, _ := expandNodes(m.text, c.namesLeft) // an error here only means that it is not a range
		if c.knowsOneOf(names) {
			return false
		}
	}
	members := c.inv.HostsOf(g)
	hosts := picked(subscript, members)
	if len(hosts) == 0 {
		c.wrong(m.text, fmt.Errorf("group %s has %d hosts, the first of which is %s[0]", problems.Show(name), len(members), name))
	}
	m.addHosts(hosts)
	return true
}

// addGlobSubscript adds some of the hosts that a glob matches. Behind a glob, [N-M] is always a range of names.
func (c *Chooser) addGlobSubscript(m *meaning, glob string, s subscript) bool {
	if s.dash || !isGlob(glob) || strings.ContainsAny(glob, "@:") {
		return false
	}
	fits := &meaning{text: glob}
	c.addMatches(fits, compileGlob)
	if fits.glob == nil {
		return true // the problem was added already
	}
	choices := picked(s, fits.choices)
	if len(choices) == 0 {
		c.wrong(m.text, fmt.Errorf("%s fits %d hosts, and [0] is the first of them", problems.Show(glob), len(fits.choices)))
	}
	for _, found := range choices {
		m.add(found)
	}
	return true
}
