package pattern

import (
	"errors"
	"strings"
)

// isOdd reports whether a text with separators is as a whole an odd name, and not all of its parts are known.
func (c *Chooser) isOdd(text string) bool {
	if c.inv.OddNamed(text) == nil {
		return false
	}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ':' }) {
		if part = newTerm(part).text; c.inv.Host(part) == nil && c.inv.Group(part) == nil {
			return true
		}
	}
	return false
}

// addOdd adds a problem if a word is an odd name, and reports whether it is.
func (c *Chooser) addOdd(text string) bool {
	for _, o := range c.inv.OddNamed(text) {
		c.wrong(text, errors.New(o.NotHere()))
		if o.What == "group" {
			c.problems.Hint("rename the group, or name its hosts: they are there")
		} else {
			c.problems.Hint("rename the host, and say with ansible_host where it is")
		}
	}
	return len(c.inv.OddNamed(text)) > 0
}
