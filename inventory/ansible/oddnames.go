package ansible

import (
	"fmt"
	"slices"
	"strings"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

// maxOddShown is how many odd names a warning lists.
const maxOddShown = 10

// passOver records an odd name, once.
func (r *reader) passOver(what, name string, err error) {
	o := model.Odd{What: what, Name: name, At: r.at, Err: err}
	if r.inv.PassOver(o) {
		r.oddNames = append(r.oddNames, o)
	}
}

// groupCalled returns the group with that name. The name may be odd.
func (r *reader) groupCalled(name string) *model.Group {
	if err := naming.CheckName(name); err != nil {
		r.passOver("group", name, err)
	}
	return r.inv.EitherGroup(name)
}

// warnOdd adds one warning for all odd names, before the other warnings. It is a problem if no host is left, because
// then the file is the wrong one.
func (r *reader) warnOdd() {
	if len(r.oddNames) == 0 {
		return
	}
	shown := make([]string, 0, maxOddShown)
	for _, o := range r.oddNames[:min(len(r.oddNames), maxOddShown)] {
		shown = append(shown, fmt.Sprintf("%s %s (%s)", o.What, problems.Show(o.Name), o.At))
	}
	text := strings.Join(shown, ", ")
	if more := len(r.oddNames) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	isHost := func(o model.Odd) bool { return o.What == "host" }
	if first := slices.IndexFunc(r.oddNames, isHost); len(r.inv.Order) == 0 && first >= 0 {
		r.at = r.oddNames[first].At
		r.problem("no host has a name that can be one here: %s; %s", text, naming.NameRule)
		return
	}
	text = "passed over for their names: " + text + "; " + naming.NameRule
	if slices.ContainsFunc(r.oddNames, func(o model.Odd) bool { return !isHost(o) }) {
		text += "; the hosts and variables of such groups are there"
	}
	r.inv.WarnFirst(text)
}
