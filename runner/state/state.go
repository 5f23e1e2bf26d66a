package state

import "sloth-runner/proto"

// State is where a host is in its run.
type State string

// The states. The last six are final.
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
)

// States are all states, in the order in which a host goes through them.
var States = [...]State{Pending, Connecting, Running, Success, Failed, Unreachable, Lost, Skipped, Cancelled}

func finalState(state proto.HostFinished_State) State {
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
