// Package state derives the state of a run, of its hosts and of their tasks from the run's events. The runner decides by
// it what may start, views show it, and the events of a run's record give the same state again.
//
// A Run has Jobs, each a task with all its hosts, and Hosts. A Task is one job on one host. A task or host that has ended
// keeps its final state, even if later events say otherwise. When a host ends, its remaining tasks end too.
//
// The types are plain data: no clock (events have their time), no goroutine and no lock. Each reader has a Run of its
// own. The cost of an event does not depend on the number of hosts and tasks; only the end of a host visits all of its
// tasks. The memory used depends only on the hosts and tasks of the run, not on what hosts send.
package state
