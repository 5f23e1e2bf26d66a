// Package state is what is known of a run: events in, the state of the run, of its hosts and of their tasks out. The runner
// decides from it what may start, a view shows it, and the record of a run, event by event, gives it once more.
//
// It is plain data. It has no clock, for events say when they happened, no goroutine and no lock: each reader has a Run of its
// own. An event costs the same however many hosts and tasks the run has. What is kept depends on these only, whatever a
// host says.
package state
