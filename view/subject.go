package view

import (
	"fmt"
	"strings"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// nameWidth is the most that a name takes in a sentence or table, in cells.
const nameWidth = 64

// headingOf says what the run does: `🚀 Executing task 'system_info' on 3 hosts`.
func headingOf(tasks []*proto.RunTask, hosts int) string {
	groups := groupsOf(tasks)
	what := ""
	switch {
	case len(tasks) == 1:
		what = "task '" + bounded(tasks[0].GetName(), nameWidth) + "'"
	case len(groups) == 1:
		what = fmt.Sprintf("%d tasks of '%s'", len(tasks), groups[0])
	default:
		what = fmt.Sprintf("%d tasks of %d groups", len(tasks), len(groups))
	}
	return "🚀 Executing " + what + " on " + count(hosts, "host")
}

// subject names the run in the summary: its task, or its groups and how many tasks they have.
func subject(tasks []*proto.RunTask) string {
	switch len(tasks) {
	case 0:
		// A record that was cut off before its first line, say.
		return "unknown"
	case 1:
		return bounded(tasks[0].GetName(), nameWidth)
	}
	return bounded(strings.Join(groupsOf(tasks), ", "), nameWidth) + " (" + count(len(tasks), "task") + ")"
}

// groupsOf returns the names of the groups in their order.
func groupsOf(tasks []*proto.RunTask) []string {
	var names []string
	for _, task := range tasks {
		names = append(names, bounded(task.GetGroup(), nameWidth))
	}
	return distinct(names)
}

// taskName is how a task of the run is called: with its group where there are several.
func taskName(r *state.Run, group, name string) string {
	if r.SeveralGroups {
		return bounded(group, nameWidth) + "/" + bounded(name, nameWidth)
	}
	return bounded(name, nameWidth)
}

// count is a number with its noun: "1 host", "3 hosts".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
