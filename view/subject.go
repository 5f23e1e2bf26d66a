package view

import (
	"fmt"
	"strings"

	"sloth-runner/plan"
	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
)

// nameWidth is the most that a name takes in a sentence or table, in cells.
const nameWidth = 64

// headingOf says what the run does: `🚀 Executing task 'system_info' on 3 hosts`.
func headingOf(jobs []*state.Job, hosts int) string {
	groups := groupsOf(jobs)
	what := ""
	switch {
	case len(jobs) == 1:
		what = "task '" + layout.Bounded(jobs[0].Task, nameWidth) + "'"
	case len(groups) == 1:
		what = fmt.Sprintf("%d tasks of '%s'", len(jobs), groups[0])
	default:
		what = fmt.Sprintf("%d tasks of %d groups", len(jobs), len(groups))
	}
	return "🚀 Executing " + what + " on " + count(hosts, "host")
}

// subject names the run in the summary: its task, or its groups and how many tasks they have.
func subject(jobs []*state.Job) string {
	switch len(jobs) {
	case 0:
		// A record that was cut off before its first line, say.
		return "unknown"
	case 1:
		return layout.Bounded(jobs[0].Task, nameWidth)
	}
	return layout.Bounded(strings.Join(groupsOf(jobs), ", "), nameWidth) + " (" + count(len(jobs), "task") + ")"
}

// groupsOf returns the names of the groups in their order.
func groupsOf(jobs []*state.Job) []string {
	var names []string
	for _, job := range jobs {
		names = append(names, layout.Bounded(job.Group, nameWidth))
	}
	return layout.Distinct(names)
}

// taskName is how a task of the run is called: with its group where there are several.
func taskName(r *state.Run, id plan.TaskRef) string {
	if r.SeveralGroups {
		return layout.Bounded(id.Group, nameWidth) + "/" + layout.Bounded(id.Task, nameWidth)
	}
	return layout.Bounded(id.Task, nameWidth)
}

// count is a number with its noun: "1 host", "3 hosts".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
