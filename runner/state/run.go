package state

import (
	"slices"
	"time"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// Run is the state of a run: the sum of its events. The zero value is a run without events. It keeps no output, of a
// task's end only what Task documents, and nothing about tasks that a host does not have. Not safe for concurrent use.
type Run struct {
	ID, File string
	Started  time.Time
	// Invocation says which command started the run; nil: not known.
	Invocation *proto.Invocation
	// DryRun: nothing is changed; what counts as changed would have been.
	DryRun bool
	// Jobs are the tasks of the run in their order.
	Jobs []*Job
	// SeveralGroups: the tasks belong to more than one group, so that a task's name alone is ambiguous.
	SeveralGroups bool
	// Hosts are in the order of the run's first event.
	Hosts []*Host
	// Settled and Total count tasks on hosts: those that have ended, and all.
	Settled, Total int
	// Finished is set when the run ended; a record without it was cut off.
	Finished    bool
	Interrupted bool
	ExitStatus  int
	Duration    time.Duration

	begun  bool
	byName map[string]*Host
	jobs   map[plan.TaskRef]*Job
	counts counts
	// settled is the buffer for the result of Apply.
	settled []*Task
}

// Apply adds an event, and returns the tasks that ended by it, each on the event's host. The slice is valid until the
// next call.
func (r *Run) Apply(e *proto.Event) []*Task {
	switch kind := e.GetKind().(type) {
	case *proto.Event_Output, *proto.Event_Log: // most events are of these kinds, and they change nothing
		return nil
	case *proto.Event_RunStarted:
		r.start(e, kind.RunStarted)
		return nil
	case *proto.Event_RunFinished:
		r.end(kind.RunFinished)
		return nil
	}
	host := r.byName[e.GetHost()]
	if host == nil {
		return nil
	}
	r.settled = r.settled[:0]
	from := host.State
	host.Apply(e, func(task *Task, from State) {
		task.Job.move(host.Name, from, task)
		if task.State.IsFinal() {
			r.settled = append(r.settled, task)
		}
	})
	r.Settled += len(r.settled)
	r.counts.add(from, -1)
	r.counts.add(host.State, 1)
	return r.settled
}

// Host returns the host of that name, or nil.
func (r *Run) Host(name string) *Host { return r.byName[name] }

// Job returns the job for a task, or nil.
func (r *Run) Job(id plan.TaskRef) *Job { return r.jobs[id] }

// Count returns how many hosts are in one of the states.
func (r *Run) Count(states ...State) int { return r.counts.of(states) }

// Changed returns how many changes were made, or would have been in a dry run, and on how many hosts.
func (r *Run) Changed() (changes, hosts int) {
	for _, host := range r.Hosts {
		if n := host.Changed(); n > 0 {
			changes, hosts = changes+n, hosts+1
		}
	}
	return changes, hosts
}

func (r *Run) start(e *proto.Event, started *proto.RunStarted) {
	if r.begun {
		return
	}
	r.begun = true
	r.ID, r.File = started.GetId(), started.GetFile()
	r.Started, r.Invocation, r.DryRun = timeOf(e), started.GetInvocation(), started.GetDryRun()
	r.byName = make(map[string]*Host, len(started.GetHosts()))
	r.jobs = make(map[plan.TaskRef]*Job, len(started.GetTasks()))
	for _, host := range started.GetHosts() {
		r.addHost(host)
	}
	for _, task := range started.GetTasks() {
		r.addJob(task)
	}
	r.counts.add(Pending, len(r.Hosts))
}

// addHost adds a host, unless there is one of its name.
func (r *Run) addHost(host *proto.RunHost) {
	if r.byName[host.GetName()] != nil {
		return
	}
	added := &Host{Name: host.GetName(), Address: host.GetAddress(), SSH: host.GetSsh(), State: Pending, jobs: r.jobs}
	r.Hosts = append(r.Hosts, added)
	r.byName[added.Name] = added
}

// addJob adds a task, unless it is there, on those of its hosts that the run has.
func (r *Run) addJob(task *proto.RunTask) {
	job := newJob(task, len(r.Jobs))
	if r.jobs[job.TaskRef] != nil {
		return
	}
	r.Jobs = append(r.Jobs, job)
	r.jobs[job.TaskRef] = job
	r.SeveralGroups = r.SeveralGroups || job.Group != r.Jobs[0].Group
	job.Hosts = slices.DeleteFunc(slices.Clone(job.Hosts), func(name string) bool { return !r.byName[name].give(job) })
	job.counts.add(Pending, len(job.Hosts))
	r.Total += len(job.Hosts)
}

func (r *Run) end(finished *proto.RunFinished) {
	if r.Finished {
		return
	}
	r.Finished, r.Interrupted = true, finished.GetInterrupted()
	r.ExitStatus, r.Duration = int(finished.GetExitStatus()), finished.GetDuration().AsDuration()
}
