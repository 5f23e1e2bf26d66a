package runner

import "sloth-runner/proto"

// Sink receives the events of a run; views and journals are sinks. Event is called for one event at a time, in order,
// with host and time set. A sink that blocks delays the run. It must not keep more of the events' bytes than it can
// bound.
type Sink interface {
	Event(*proto.Event)
}
