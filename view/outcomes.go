package view

import (
	"fmt"

	"sloth-runner/proto"
	"sloth-runner/runner"
)

// ignored is the end of a task that failed where that is no failure.
const ignored runner.State = "ignored"

// endOfTask is how a task ended on a host, in the words for hosts.
func endOfTask(finished *proto.TaskFinished) runner.State {
	switch finished.GetOutcome() {
	case proto.TaskFinished_SUCCESS:
		return runner.Success
	case proto.TaskFinished_SKIPPED:
		return runner.Skipped
	case proto.TaskFinished_CANCELLED:
		return runner.Cancelled
	case proto.TaskFinished_LOST:
		return runner.Lost
	case proto.TaskFinished_FAILED:
		if finished.GetIgnored() {
			return ignored
		}
	}
	return runner.Failed
}

// endOfHost is how those tasks ended that nothing was said of before their host ended. They did not run on a host that
// refused them.
func endOfHost(finished *proto.HostFinished) runner.State {
	switch finished.GetState() {
	case proto.HostFinished_UNREACHABLE:
		return runner.Unreachable
	case proto.HostFinished_LOST:
		return runner.Lost
	case proto.HostFinished_CANCELLED:
		return runner.Cancelled
	default:
		return runner.Skipped
	}
}

// badEnds are the ways in which a task did not succeed, and how they are said, the worst first.
var badEnds = [...]struct {
	state runner.State
	words string
}{
	{runner.Failed, "failed on"}, {runner.Lost, "lost on"}, {runner.Unreachable, "not run on"},
	{runner.Cancelled, "cancelled on"}, {runner.Skipped, "skipped on"}, {ignored, "failure ignored on"},
}

// mark is the sign of the worst that became of the task on any of its hosts.
func (t *taskCount) mark() string {
	for _, end := range badEnds {
		if t.ended[end.state] > 0 && end.state != ignored {
			return mark(end.state)
		}
	}
	return mark(runner.Success)
}

// outcomes says what became of the task on its hosts: "success on 3 hosts", "success on 1 of 3 hosts, skipped on 2".
func (t *taskCount) outcomes() string {
	hosts, succeeded := count(t.hosts, "host"), t.ended[runner.Success]
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
