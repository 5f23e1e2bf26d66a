// Package state is what is known of a run: events in, the state of the run, of its hosts and of their tasks out. The runner
// decides from it what may start, a view shows it, and the record of a run, event by event, gives the same state again.
//
// A Run has Jobs, each a task with all its hosts, and Hosts. Where the two meet is a Task: one task on one host. What has
// ended stays as it ended, whatever is said later, and when a host ends, the tasks that it left have ended too.
//
// All of it is plain data. It has no clock, for events say when they happened, no goroutine and no lock: each reader has a Run
// of its own. An event costs the same however many hosts and tasks the run has; only the end of a host looks at each of its
// tasks. What is kept depends on the hosts and tasks of the run only, whatever a host says.
package state
