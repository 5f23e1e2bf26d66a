package view

import (
	"fmt"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// ignored is the end of a task that failed where that is no failure.
const ignored state.State = "ignored"

// endOfTask is how a task ended on a host, in the words for hosts.
func endOfTask(finished *proto.TaskFinished) state.State {
	switch finished.GetOutcome() {
	case proto.TaskFinished_SUCCESS:
		return state.Success
	case proto.TaskFinished_SKIPPED:
		return state.Skipped
	case proto.TaskFinished_CANCELLED:
		return state.Cancelled
	case proto.TaskFinished_LOST:
		return state.Lost
	case proto.TaskFinished_FAILED:
		if finished.GetIgnored() {
			return ignored
		}
	}
	return state.Failed
}

// endOfHost is how those tasks ended that nothing was said of before their host ended. They did not run on a host that
// refused them.
func endOfHost(finished *proto.HostFinished) state.State {
	switch finished.GetState() {
	case proto.HostFinished_UNREACHABLE:
		return state.Unreachable
	case proto.HostFinished_LOST:
		return state.Lost
	case proto.HostFinished_CANCELLED:
		return state.Cancelled
	default:
		return state.Skipped
	}
}

// badEnds are the ways in which a task did not succeed, and how they are said, the worst first.
var badEnds = [...]struct {
	state state.State
	words string
}{
	{state.Failed, "failed on"}, {state.Lost, "lost on"}, {state.Unreachable, "not run on"},
	{state.Cancelled, "cancelled on"}, {state.Skipped, "skipped on"}, {ignored, "failure ignored on"},
}

// mark is the sign of the worst that became of the task on any of its hosts.
func (t *taskCount) mark() string {
	for _, end := range badEnds {
		if t.ended[end.state] > 0 && end.state != ignored {
			return mark(end.state)
		}
	}
	return mark(state.Success)
}

// outcomes says what became of the task on its hosts: "success on 3 hosts", "success on 1 of 3 hosts, skipped on 2".
func (t *taskCount) outcomes() string {
	hosts, succeeded := count(t.hosts, "host"), t.ended[state.Success]
	if succeeded == t.hosts {
		return "success on " + hosts
	}
	text := fmt.Sprintf("success on %d of %s", succeeded, hosts)
	for _, end := range badEnds {
		switch n := t.ended[end.state]; {
		case n == t.hosts:
			return end.words + " " + hosts
		case n > 0:
			text += fmt.Sprintf(", %s %d", end.words, n)
		}
	}
	return text
}
