package inventory

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// maxOddShown is how many of the names that are passed over are shown.
const maxOddShown = 10

// passOver notes an odd name, once.
func (r *reader) passOver(what, name string, err error) {
	o := odd{what: what, name: name, at: r.at, err: err}
	if r.inv.passOver(o) {
		r.oddNames = append(r.oddNames, o)
	}
}

// groupCalled is the group of a name, which may be odd.
func (r *reader) groupCalled(name string) *group {
	if err := naming.CheckName(name); err != nil {
		r.passOver("group", name, err)
	}
	return r.inv.either(name)
}

// tellOdd warns of all names that were passed over, in front of other warnings. Where no host is left it is a problem: then
// it is the wrong file.
func (r *reader) tellOdd() {
	if len(r.oddNames) == 0 {
		return
	}
	shown := make([]string, 0, maxOddShown)
	for _, o := range r.oddNames[:min(len(r.oddNames), maxOddShown)] {
		shown = append(shown, fmt.Sprintf("%s %s (%s)", o.what, problems.Show(o.name), o.at))
	}
	text := strings.Join(shown, ", ")
	if more := len(r.oddNames) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	isHost := func(o odd) bool { return o.what == "host" }
	if first := slices.IndexFunc(r.oddNames, isHost); len(r.inv.order) == 0 && first >= 0 {
		r.at = r.oddNames[first].at
		r.problem("no host has a name that can be one here: %s; %s", text, naming.NameRule)
		return
	}
	text = "passed over for their names: " + text + "; " + naming.NameRule
	if slices.ContainsFunc(r.oddNames, func(o odd) bool { return !isHost(o) }) {
		text += "; the hosts and variables of such groups are there"
	}
	r.inv.warnFirst(text)
}
