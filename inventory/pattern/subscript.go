package pattern

import (
	"fmt"
	"strconv"
	"strings"

	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// subscript is [N], [N:M] or [N-M] behind a group, or [N] or [N:M] behind a glob: some of its hosts, counted from 0, both ends included; negative
// numbers count from the end.
type subscript struct {
	from, to int
	// one says that there is one number, which must be there.
	one bool
	// dash says that the ends have a - between them, which is also how ranges of names are written.
	dash bool
}

// cutSubscript takes the subscript off a pattern.
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

// index reads a number of a subscript. One with a zero in front is part of a name.
func index(text string) (int, error) {
	if digits := strings.TrimPrefix(text, "-"); !naming.AllDigits(digits) || len(digits) > 1 && digits[0] == '0' {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(text)
}

// picked is what the subscript leaves of a list; as in Ansible and Python, a slice may reach beyond the end.
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

// addSubscript adds some hosts of a group or of what a glob fits, if that is what the word means.
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
		names, _ := expandNodes(m.text, c.namesLeft) // what is wrong as a range may be right as a subscript
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

// addGlobSubscript adds some of what a glob fits. Behind a glob [N-M] is always a range of names.
func (c *Chooser) addGlobSubscript(m *meaning, glob string, s subscript) bool {
	if s.dash || !isGlob(glob) || strings.ContainsAny(glob, "@:") {
		return false
	}
	fits := &meaning{text: glob}
	c.addMatches(fits, compileGlob)
	if fits.glob == nil {
		return true // it was noted what is wrong with it
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
