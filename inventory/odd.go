package inventory

import (
	"fmt"
	"slices"
	"strings"
)

// maxOddShown is how many of the names that are passed over are shown.
const maxOddShown = 10

// odd is the name of a host or a group that can't be one here, as those that plugins of clouds and hypervisors make. It is
// passed over, and what else the inventory has is there: also what is in such a group, and its variables.
type odd struct {
	// what is "host" or "group".
	what, name string
	at         position
	err        error
}

// passOver notes an odd name, once.
func (r *reader) passOver(what, name string, err error) {
	known := r.inv.odd[name]
	if slices.ContainsFunc(known, func(o odd) bool { return o.what == what }) {
		return
	}
	r.inv.odd[name] = append(known, odd{what, name, r.at, err})
	r.oddNames = append(r.oddNames, odd{what, name, r.at, err})
}

// groupCalled is the group of a name, which may be odd.
func (r *reader) groupCalled(name string) *group {
	if err := checkName(name); err != nil {
		r.passOver("group", name, err)
	}
	return r.inv.either(name)
}

// either returns the group of a name, be it odd or not. It is made when it is new, and no odd name is noted.
func (inv *Inventory) either(name string) *group {
	if checkName(name) != nil {
		return inv.oddGroup(name)
	}
	return inv.group(name)
}

// oddGroup returns the group of an odd name, which is made when it is new.
func (inv *Inventory) oddGroup(name string) *group {
	g := inv.oddGroups[name]
	if g == nil {
		g = &group{name: name, odd: true, depth: 1, priority: 1}
		inv.oddGroups[name] = g
	}
	return g
}

// tellOdd warns of all names that were passed over, in front of other warnings. Where no host is left it is a problem: then
// it is the wrong file.
func (r *reader) tellOdd() {
	if len(r.oddNames) == 0 {
		return
	}
	shown := make([]string, 0, maxOddShown)
	for _, o := range r.oddNames[:min(len(r.oddNames), maxOddShown)] {
		shown = append(shown, fmt.Sprintf("%s %s (%s)", o.what, show(o.name), o.at))
	}
	text := strings.Join(shown, ", ")
	if more := len(r.oddNames) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	isHost := func(o odd) bool { return o.what == "host" }
	if first := slices.IndexFunc(r.oddNames, isHost); len(r.inv.order) == 0 && first >= 0 {
		r.at = r.oddNames[first].at
		r.problem("no host has a name that can be one here: %s; %s", text, nameRule)
		return
	}
	text = "passed over for their names: " + text + "; " + nameRule
	if slices.ContainsFunc(r.oddNames, func(o odd) bool { return !isHost(o) }) {
		text += "; the hosts and variables of such groups are there"
	}
	r.inv.warnings = slices.Insert(r.inv.warnings, 0, text)
}

// notHere says why a name that was passed over is not there, for a person who gives it.
func (o odd) notHere() string {
	return fmt.Sprintf("%s: %s %s is passed over: %v", o.at, o.what, show(o.name), o.err)
}

// isOdd reports whether a text with separators is as a whole a name that was passed over: its parts are not all known.
func (inv *Inventory) isOdd(text string) bool {
	if inv.odd[text] == nil {
		return false
	}
	for _, part := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ':' }) {
		if part = newTerm(part).text; inv.hosts[part] == nil && inv.groups[part] == nil {
			return true
		}
	}
	return false
}

// addOdd notes that a word is a name that was passed over, if it is.
func (r *resolution) addOdd(text string) bool {
	for _, o := range r.inv.odd[text] {
		r.wrong(text, fmt.Errorf("%s", o.notHere()))
		if o.what == "group" {
			r.problems.hint("rename the group, or name its hosts: they are there")
		} else {
			r.problems.hint("rename the host, and say with ansible_host where it is")
		}
	}
	return len(r.inv.odd[text]) > 0
}

// WhyPassedOver says why the inventory has no group and no host of that name, where it passed one over; "" where it did not.
func (inv *Inventory) WhyPassedOver(name string) string {
	for _, o := range inv.odd[name] {
		return o.notHere()
	}
	return ""
}
