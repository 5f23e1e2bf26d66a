package state

import (
	"sloth-runner/plan"
	"sloth-runner/proto"
)

// Job is one task of the run, with all its hosts.
type Job struct {
	plan.TaskRef
	Description string
	// DependsOn are the names of the tasks of its group that it depends on in the file. WaitsFor are the further tasks
	// that it waits for; see proto.RunTask.
	DependsOn, WaitsFor []string
	// Function: its command is a Lua function.
	Function bool
	// Hosts are the names of its hosts, in their order.
	Hosts []string
	// FailedOn is the first host on which it did not succeed; "": none yet.
	FailedOn string
	// Settled is the number of hosts on which it has ended.
	Settled int

	// ChangedOn is the number of hosts on which it has ended and changed something.
	ChangedOn int

	// index is its position in the run.
	index  int
	counts counts
}

func newJob(task *proto.RunTask, index int) *Job {
	return &Job{
		TaskRef:     plan.Ref(task.GetGroup(), task.GetName()),
		Description: task.GetDescription(), DependsOn: task.GetDependsOn(), WaitsFor: task.GetWaitsFor(),
		Function: task.GetFunction(), Hosts: task.GetHosts(), index: index,
	}
}

// Count returns on how many hosts it is in one of the states.
func (j *Job) Count(states ...State) int { return j.counts.of(states) }

// IsComplete reports whether it has ended on all its hosts.
func (j *Job) IsComplete() bool { return j.Settled == len(j.Hosts) }

// Succeeded reports whether it has succeeded on all its hosts.
func (j *Job) Succeeded() bool { return j.Count(Success, Ignored) == len(j.Hosts) }

// move counts that the state of the task on a host is not what it was.
func (j *Job) move(host string, from State, task *Task) {
	to := task.State
	j.counts.add(from, -1)
	j.counts.add(to, 1)
	if !to.IsFinal() {
		return
	}
	j.Settled++
	if task.Changed > 0 {
		j.ChangedOn++
	}
	if !to.Succeeded() && j.FailedOn == "" {
		j.FailedOn = host
	}
}
