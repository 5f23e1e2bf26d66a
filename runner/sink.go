package runner

import "sloth-runner/proto"

// Sink takes the events of a run: a view, a journal. Events come one at a time, in order, already stamped. A sink
// that blocks holds up the run, and must not keep the event's bytes for longer than it can bound.
type Sink interface {
	Event(*proto.Event)
}
