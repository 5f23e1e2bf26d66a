package results

import (
	"fmt"
	"io"
	"strings"

	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
)

// SummaryLines is how many lines of a screen the end of a run with many hosts and few failures takes.
const SummaryLines = 30

// fewest is the lines that failures get when there is room for none.
const fewest = 4

// Write writes the end of a run, or of the record of one: the results table, the box of totals, what failed and
// why, the run's ID and what to type next. A record that was cut off is shown as unfinished.
func Write(w io.Writer, c Options, r *state.Run) error {
	return layout.WriteLines(w, Lines(r, c))
}

// Lines are the lines of Write.
func Lines(r *state.Run, c Options) []string {
	width := c.Cells()
	table := sections([]string{"📊 Multi-Host Execution Results"}, resultsTable(r, c), summaryBox(r, c))
	next := whatNext(r, c)
	// Three blank lines: before the results, the failures and what is next.
	room := SummaryLines - len(table) - ScreenLines(next, width) - 3
	if len(r.Hosts) <= PerHost {
		room = max(room, 3*SummaryLines)
	}
	if c.Verbosity > 0 {
		room = 1 << 30
	}
	return sections(table, failuresPart(troublesOf(r, c.Verbosity), max(room, fewest), width), next)
}

// sections joins parts with a blank line between each two; empty ones are left out.
func sections(parts ...[]string) []string {
	var lines []string
	for _, part := range parts {
		if len(part) > 0 && len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, part...)
	}
	return lines
}

// summaryBox is the specification's box of totals. Rows for what it doesn't name are there only when they count
// something.
func summaryBox(r *state.Run, c Options) []string {
	rows := [][2]string{
		{"Task", phrase.Subject(r.Jobs)},
		{"Total", phrase.Count(len(r.Hosts), "host")},
		{"Success", fmt.Sprint(r.Count(state.Success))},
		{"Failed", fmt.Sprint(r.Count(state.Failed))},
	}
	for _, state := range []state.State{state.Unreachable, state.Lost, state.Skipped, state.Cancelled} {
		if n := r.Count(state); n > 0 {
			rows = append(rows, [2]string{phrase.Title(state), fmt.Sprint(n)})
		}
	}
	if n := r.Count(state.Pending, state.Connecting, state.Running); n > 0 {
		rows = append(rows, [2]string{"Unfinished", fmt.Sprint(n)})
	}
	changes, are := changesInAll(r)
	if are {
		rows = append(rows, changes)
	}
	lines := layout.Box(boxTitle(r), rows, c.Cells())
	if are {
		at := len(lines) - 2
		lines[at] = c.paint(lines[at], changes[1])
	}
	return lines
}

func boxTitle(r *state.Run) string {
	sign, words := "❌", []string(nil)
	if r.DryRun {
		words = append(words, "dry run")
	}
	switch {
	case !r.Finished:
		sign, words = "🛑", append(words, "unfinished")
	case r.Interrupted:
		sign, words = "🛑", append(words, "interrupted")
	case isWell(r):
		sign = "✅"
	}
	title := sign + " Execution Summary"
	if len(words) > 0 {
		title += ": " + strings.Join(words, ", ")
	}
	return title
}

// isWell reports whether the run succeeded on all hosts.
func isWell(r *state.Run) bool {
	return r.Finished && !r.Interrupted && r.ExitStatus == 0 && r.Count(state.Success) == len(r.Hosts)
}
