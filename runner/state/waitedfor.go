package state

import (
	"sloth-runner/plan"
	"sloth-runner/proto"
)

// WaitedFor returns the other hosts whose tasks must succeed before all tasks of the given hosts may run, in the order of the
// run. A run on all of them skips no barrier.
func (r *Run) WaitedFor(hosts []string) []string {
	given := make(map[string]bool, len(hosts))
	for _, host := range hosts {
		given[host] = true
	}
	taken := make(map[string]bool, len(r.Hosts))
	for host := range given {
		taken[host] = true
	}
	needs := r.needs()
	// What a task waits for may itself wait for others.
	for grown := true; grown; {
		grown = false
		for _, task := range r.Tasks {
			for _, need := range needs[task] {
				if waitsOn(task, need, taken) && take(need.GetHosts(), taken) {
					grown = true
				}
			}
		}
	}
	var others []string
	for _, host := range r.Hosts {
		if taken[host.Name] && !given[host.Name] {
			others = append(others, host.Name)
		}
	}
	return others
}

// need is a task that another one depends on. Through says that hosts don't know of it: all of its hosts count.
type need struct {
	*proto.RunTask
	on      map[string]bool
	through bool
}

// needs are the tasks of the run that each of them depends on.
func (r *Run) needs() map[*proto.RunTask][]need {
	known := make(map[plan.TaskRef]need, len(r.Tasks))
	for _, task := range r.Tasks {
		on := make(map[string]bool, len(task.GetHosts()))
		take(task.GetHosts(), on)
		known[plan.Ref(task.GetGroup(), task.GetName())] = need{RunTask: task, on: on}
	}
	needs := make(map[*proto.RunTask][]need, len(r.Tasks))
	for _, task := range r.Tasks {
		for _, name := range task.GetDependsOn() {
			if n, ok := known[plan.Ref(task.GetGroup(), name)]; ok {
				needs[task] = append(needs[task], n)
			}
		}
		for _, name := range task.GetWaitsFor() {
			if n, ok := known[plan.Ref(task.GetGroup(), name)]; ok {
				n.through = true
				needs[task] = append(needs[task], n)
			}
		}
	}
	return needs
}

// waitsOn reports whether the task waits for other hosts on one of those that are taken.
func waitsOn(task *proto.RunTask, n need, taken map[string]bool) bool {
	for _, host := range task.GetHosts() {
		if taken[host] && (n.through || !n.on[host]) {
			return true
		}
	}
	return false
}

// take adds hosts to those that are taken, and reports whether one is new.
func take(hosts []string, taken map[string]bool) bool {
	before := len(taken)
	for _, host := range hosts {
		taken[host] = true
	}
	return len(taken) > before
}
