package view

import (
	"fmt"
	"strings"

	"sloth-runner/runner/state"
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
	return box(boxTitle(r), rows, width)
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

// isWell reports whether nothing is left for a person to look at.
func isWell(r *state.Run) bool {
	return r.Finished && !r.Interrupted && r.ExitStatus == 0 && r.Count(state.Success) == len(r.Hosts)
}

// box draws rows of label and value under a title, at most width cells wide when width is above 0.
func box(title string, rows [][2]string, width int) []string {
	label := len("Success:   ")
	for _, row := range rows {
		label = max(label, cells(row[0])+len(": "))
	}
	inner := cells(title) + 4
	for _, row := range rows {
		inner = max(inner, label+cells(row[1])+2)
	}
	if width > 0 {
		inner = max(min(inner, width-2), 6)
	}
	title = cut(title, inner-4)
	lines := []string{"┌─ " + title + " " + strings.Repeat("─", inner-3-cells(title)) + "┐"}
	for _, row := range rows {
		text := cut(pad(row[0]+":", label)+row[1], inner-2)
		lines = append(lines, "│ "+pad(text, inner-2)+" │")
	}
	return append(lines, "└"+strings.Repeat("─", inner)+"┘")
}
