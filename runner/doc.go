// Package runner is the run: which task may start on which host, when, and what became of it.
//
// Every host has a goroutine that connects, sends the plan once and passes on the events that come back (host.go). All
// events meet at one desk (desk.go), which numbers nothing and translates nothing: it stamps host and time on them,
// hands them to the sinks, and opens the barriers between hosts (barrier.go). Hosts never wait for each other but at
// such a barrier, and never for a host that is sick: its tasks are settled as soon as it is given up.
//
// The runner knows no SSH, no Lua and no terminal. It reaches hosts through Connector, and is watched through Sink.
package runner
