// Package runner executes a run: it decides which task may start on which host and when, and records the results.
//
// Every host has a goroutine that connects, sends the plan once and passes on the events that come back (host.go). One
// dispatcher (dispatcher.go) receives all events. It sets their host and time, hands them to the sinks, and opens the
// barriers between hosts (barrier.go). Hosts wait for each other only at such a barrier. They never wait for a host that
// has failed or was lost: its tasks are settled as soon as it is given up.
//
// The runner does not know SSH, Lua or terminals. It reaches hosts through Connector, and others observe it through Sink.
package runner
