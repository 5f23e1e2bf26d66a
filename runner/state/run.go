package state

import (
	"time"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// Run is what is known of a run: the sum of its events. The zero value is a run of which nothing is known yet. Its size depends on the hosts and tasks of the run only, whatever a host says: it keeps no
// output, of a task's end what is said at Task, and nothing of tasks that the host was not given. Not safe for
// concurrent use.
type Run struct {
	ID, File string
	Started  time.Time
	// Invocation is what began the run; nil: not known.
	Invocation *proto.Invocation
	Tasks      []*proto.RunTask
	// SeveralGroups says that not all tasks are of one group, so that a task's name alone does not tell which it is.
	SeveralGroups bool
	// Hosts are in the order in which they were given.
	Hosts []*Host
	// Finished is set when the run came to its end; a record without it was cut off.
	Finished    bool
	Interrupted bool
	ExitStatus  int
	Duration    time.Duration

	byName map[string]*Host
}

// Apply adds what happened.
func (r *Run) Apply(e *proto.Event) {
	switch kind := e.GetKind().(type) {
	case *proto.Event_RunStarted:
		r.start(e, kind.RunStarted)
	case *proto.Event_RunFinished:
		r.Finished = true
		r.Interrupted = kind.RunFinished.GetInterrupted()
		r.ExitStatus = int(kind.RunFinished.GetExitStatus())
		r.Duration = kind.RunFinished.GetDuration().AsDuration()
	default:
		if host := r.byName[e.GetHost()]; host != nil {
			host.event(e)
		}
	}
}

// Host returns what is known of the host of that name, or nil.
func (r *Run) Host(name string) *Host { return r.byName[name] }

// Count returns how many hosts are in one of the states.
func (r *Run) Count(states ...State) int {
	n := 0
	for _, host := range r.Hosts {
		for _, state := range states {
			if host.State == state {
				n++
			}
		}
	}
	return n
}

func (r *Run) start(e *proto.Event, started *proto.RunStarted) {
	r.ID, r.File, r.Tasks = started.GetId(), started.GetFile(), started.GetTasks()
	r.Started, r.Invocation = e.GetTime().AsTime(), started.GetInvocation()
	r.byName = make(map[string]*Host, len(started.GetHosts()))
	for _, host := range started.GetHosts() {
		result := &Host{
			Name: host.GetName(), Address: host.GetAddress(), SSH: host.GetSsh(),
			State: Pending, given: make(map[plan.TaskRef]*Task),
		}
		r.Hosts = append(r.Hosts, result)
		r.byName[result.Name] = result
	}
	for _, task := range started.GetTasks() {
		if task.GetGroup() != r.Tasks[0].GetGroup() {
			r.SeveralGroups = true
		}
		for _, name := range task.GetHosts() {
			if host := r.byName[name]; host != nil {
				host.given[plan.Ref(task.GetGroup(), task.GetName())] = nil
			}
		}
	}
}
