package phrase

import (
	"fmt"
	"strings"

	"sloth-runner/plan"
	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
)

// NameWidth is the most that a name takes in a sentence or table, in cells.
const NameWidth = 64

// Heading says what the run does: `🚀 Executing task 'system_info' on 3 hosts`.
func Heading(r *state.Run) string {
	jobs := r.Jobs
	groups := groupsOf(jobs)
	what := ""
	switch {
	case len(jobs) == 1:
		what = "task '" + layout.Bounded(jobs[0].Task, NameWidth) + "'"
	case len(groups) == 1:
		what = fmt.Sprintf("%d tasks of '%s'", len(jobs), groups[0])
	default:
		what = fmt.Sprintf("%d tasks of %d groups", len(jobs), len(groups))
	}
	text := "🚀 Executing " + what + " on " + Count(len(r.Hosts), "host")
	if r.DryRun {
		text += " (dry run)"
	}
	return text
}

// Subject names the run in the summary: its task, or its groups and how many tasks they have.
func Subject(jobs []*state.Job) string {
	switch len(jobs) {
	case 0:
		// A record that was cut off before its first line, say.
		return "unknown"
	case 1:
		return layout.Bounded(jobs[0].Task, NameWidth)
	}
	return layout.Bounded(strings.Join(groupsOf(jobs), ", "), NameWidth) + " (" + Count(len(jobs), "task") + ")"
}

// groupsOf returns the names of the groups in their order.
func groupsOf(jobs []*state.Job) []string {
	var names []string
	for _, job := range jobs {
		names = append(names, layout.Bounded(job.Group, NameWidth))
	}
	return layout.Distinct(names)
}

// TaskName is how a task of the run is called: with its group where there are several.
func TaskName(r *state.Run, id plan.TaskRef) string {
	if r.SeveralGroups {
		return layout.Bounded(id.Group, NameWidth) + "/" + layout.Bounded(id.Task, NameWidth)
	}
	return layout.Bounded(id.Task, NameWidth)
}

// Count is a number with its noun: "1 host", "3 hosts".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
