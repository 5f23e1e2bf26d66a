package state

import (
	"slices"

	"sloth-runner/proto"
)

// State is the state of a host in its run, or of a task on a host.
type State string

// The states. Those from Success on are final. No task is Connecting, and no host is Ignored.
const (
	Pending     State = "pending"
	Connecting  State = "connecting"
	Running     State = "running"
	Success     State = "success"
	Failed      State = "failed"
	Unreachable State = "unreachable"
	Lost        State = "lost"
	Skipped     State = "skipped"
	Cancelled   State = "cancelled"
	// Ignored is a task that failed, where the plan ignores its failure.
	Ignored State = "ignored"
)

// States are all states of hosts, in the order in which a host goes through them.
var States = [...]State{Pending, Connecting, Running, Success, Failed, Unreachable, Lost, Skipped, Cancelled}

// IsFinal reports whether the state is that of a host or task that has ended.
func (s State) IsFinal() bool { return s != Pending && s != Connecting && s != Running }

// Succeeded reports whether dependent tasks may start, as after a success.
func (s State) Succeeded() bool { return s == Success || s == Ignored }

// counts are numbers of hosts, or of tasks on hosts, by state.
type counts [len(States) + 1]int

func (c *counts) add(s State, n int) { c[indexOf(s)] += n }

func (c *counts) of(states []State) int {
	n := 0
	for _, s := range states {
		n += c[indexOf(s)]
	}
	return n
}

func indexOf(s State) int {
	if i := slices.Index(States[:], s); i >= 0 {
		return i
	}
	return len(States) // Ignored
}

// endOfHost is the state of a host that has ended.
func endOfHost(state proto.HostFinished_State) State {
	switch state {
	case proto.HostFinished_SUCCESS:
		return Success
	case proto.HostFinished_UNREACHABLE:
		return Unreachable
	case proto.HostFinished_LOST:
		return Lost
	case proto.HostFinished_SKIPPED:
		return Skipped
	case proto.HostFinished_CANCELLED:
		return Cancelled
	default:
		return Failed
	}
}

// endOfTask is the state of a task that has ended.
func endOfTask(finished *proto.TaskFinished) State {
	switch finished.GetOutcome() {
	case proto.TaskFinished_SUCCESS:
		return Success
	case proto.TaskFinished_SKIPPED:
		return Skipped
	case proto.TaskFinished_CANCELLED:
		return Cancelled
	case proto.TaskFinished_LOST:
		return Lost
	case proto.TaskFinished_FAILED:
		if finished.GetIgnored() {
			return Ignored
		}
	}
	return Failed
}

// endOfRest returns the state of the tasks that had no event before their host ended in the given state. They did not run
// on a host that refused them.
func endOfRest(host State) State {
	switch host {
	case Unreachable, Lost, Cancelled:
		return host
	default:
		return Skipped
	}
}
