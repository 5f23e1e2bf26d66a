package view

import (
	"fmt"

	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
)

// summaryBox is the specification's box of totals. Rows for what it doesn't name are there only when they count
// something.
func summaryBox(r *state.Run, width int) []string {
	rows := [][2]string{
		{"Task", subject(r.Jobs)},
		{"Total", count(len(r.Hosts), "host")},
		{"Success", fmt.Sprint(r.Count(state.Success))},
		{"Failed", fmt.Sprint(r.Count(state.Failed))},
	}
	for _, state := range []state.State{state.Unreachable, state.Lost, state.Skipped, state.Cancelled} {
		if n := r.Count(state); n > 0 {
			rows = append(rows, [2]string{title(state), fmt.Sprint(n)})
		}
	}
	if n := r.Count(state.Pending, state.Connecting, state.Running); n > 0 {
		rows = append(rows, [2]string{"Unfinished", fmt.Sprint(n)})
	}
	return layout.Box(boxTitle(r), rows, width)
}

func boxTitle(r *state.Run) string {
	switch {
	case !r.Finished:
		return "🛑 Execution Summary: unfinished"
	case r.Interrupted:
		return "🛑 Execution Summary: interrupted"
	case isWell(r):
		return "✅ Execution Summary"
	}
	return "❌ Execution Summary"
}

// isWell reports whether the run succeeded on all hosts.
func isWell(r *state.Run) bool {
	return r.Finished && !r.Interrupted && r.ExitStatus == 0 && r.Count(state.Success) == len(r.Hosts)
}
