package results

import (
	"fmt"
	"strings"

	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
)

// changesOfRow is how much was changed on the hosts of a row.
func changesOfRow(r *state.Run, hosts []*state.Host) string {
	least, most := hosts[0].Changed(), hosts[0].Changed()
	for _, host := range hosts[1:] {
		n := host.Changed()
		least, most = min(least, n), max(most, n)
	}
	return phrase.ChangesBetween(least, most, r.DryRun)
}

// changesInAll is the row of the box about changes; false: there is none.
func changesInAll(r *state.Run) (row [2]string, is bool) {
	changes, on := r.Changed()
	if changes == 0 && !r.DryRun {
		return row, false
	}
	row = [2]string{"Changed", fmt.Sprint(changes)}
	if r.DryRun {
		row[0] = "Would change"
	}
	if changes > 0 && len(r.Hosts) > 1 {
		row[1] += " on " + phrase.Count(on, "host")
	}
	return row, true
}

// paint colours what was changed in a line, where it stands whole.
func (o Options) paint(line, changes string) string {
	if at := strings.LastIndex(line, changes); o.Color && changes != "" && at >= 0 {
		return line[:at] + layout.Yellow.Paint(changes) + line[at+len(changes):]
	}
	return line
}
