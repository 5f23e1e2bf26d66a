package phrase

import (
	"fmt"

	"sloth-runner/runner/state"
)

// Changes is how much was changed: "3 changed", or "" when nothing was. In a dry run it is "3 would change", also of 0:
// what commands would change is not known, so that "nothing" would say too much.
func Changes(n int, dryRun bool) string { return ChangesBetween(n, n, dryRun) }

// ChangesBetween is Changes of several hosts, where the least and the most of any are known: "1 to 7 changed".
func ChangesBetween(least, most int, dryRun bool) string {
	if most == 0 && !dryRun {
		return ""
	}
	number := fmt.Sprint(most)
	if least != most {
		number = fmt.Sprintf("%d to %d", least, most)
	}
	return number + " " + changed(dryRun)
}

// ChangedOn follows the outcomes of a task: ", changed on 2", or "" when it changed nothing.
func ChangedOn(job *state.Job, dryRun bool) string {
	if job.ChangedOn == 0 {
		return ""
	}
	return fmt.Sprintf(", %s on %d", changed(dryRun), job.ChangedOn)
}

func changed(dryRun bool) string {
	if dryRun {
		return "would change"
	}
	return "changed"
}
