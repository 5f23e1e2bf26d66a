package phrase

import (
	"fmt"

	"sloth-runner/runner/state"
)

// badEnds are the ways in which a task did not succeed, and how they are said, the worst first.
var badEnds = [...]struct {
	state state.State
	words string
}{
	{state.Failed, "failed on"}, {state.Lost, "lost on"}, {state.Unreachable, "not run on"},
	{state.Cancelled, "cancelled on"}, {state.Skipped, "skipped on"}, {state.Ignored, "failure ignored on"},
}

// WorstMark is the sign of the worst that became of a task on any of its hosts.
func WorstMark(job *state.Job) string {
	for _, end := range badEnds {
		if job.Count(end.state) > 0 && end.state != state.Ignored {
			return Mark(end.state)
		}
	}
	return Mark(state.Success)
}

// Outcomes says what became of a task on its hosts: "success on 3 hosts", "success on 1 of 3 hosts, skipped on 2".
func Outcomes(job *state.Job) string {
	hosts, succeeded := Count(len(job.Hosts), "host"), job.Count(state.Success)
	if succeeded == len(job.Hosts) {
		return "success on " + hosts
	}
	text := fmt.Sprintf("success on %d of %s", succeeded, hosts)
	for _, end := range badEnds {
		switch n := job.Count(end.state); {
		case n == len(job.Hosts):
			return end.words + " " + hosts
		case n > 0:
			text += fmt.Sprintf(", %s %d", end.words, n)
		}
	}
	return text
}
