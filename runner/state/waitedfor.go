package state

import "sloth-runner/plan"

// WaitedFor returns the other hosts whose tasks must succeed before all tasks of the given hosts may run, in the order of
// the run. A run on the given hosts and these leaves out no barrier.
func (r *Run) WaitedFor(hosts []string) []string {
	given := make(map[string]bool, len(hosts))
	take(hosts, given)
	taken := make(map[string]bool, len(r.Hosts))
	take(hosts, taken)
	needs := r.needs()
	// The tasks of an added host may wait for further hosts.
	for grown := true; grown; {
		grown = false
		for _, job := range r.Jobs {
			for _, need := range needs[job] {
				if job.waitsOn(need, taken) && take(need.Hosts, taken) {
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

// need is a task that another one depends on. Through: hosts don't know of it, so that all of its hosts count.
type need struct {
	*Job
	on      map[string]bool
	through bool
}

// needs returns the dependencies of each task of the run.
func (r *Run) needs() map[*Job][]need {
	on := make(map[*Job]map[string]bool, len(r.Jobs))
	for _, job := range r.Jobs {
		on[job] = make(map[string]bool, len(job.Hosts))
		take(job.Hosts, on[job])
	}
	needs := make(map[*Job][]need, len(r.Jobs))
	for _, job := range r.Jobs {
		for i, names := range [][]string{job.DependsOn, job.WaitsFor} {
			for _, name := range names {
				if needed := r.Job(plan.Ref(job.Group, name)); needed != nil {
					needs[job] = append(needs[job], need{needed, on[needed], i == 1})
				}
			}
		}
	}
	return needs
}

// waitsOn reports whether the task waits for one of the taken hosts.
func (j *Job) waitsOn(n need, taken map[string]bool) bool {
	for _, host := range j.Hosts {
		if taken[host] && (n.through || !n.on[host]) {
			return true
		}
	}
	return false
}

// take adds hosts to taken, and reports whether one of them is new.
func take(hosts []string, taken map[string]bool) bool {
	before := len(taken)
	for _, host := range hosts {
		taken[host] = true
	}
	return len(taken) > before
}
