package runner

import (
	"fmt"
	"slices"

	"sloth-runner/plan"
	"sloth-runner/runner/state"
)

// barriers decide when tasks that wait for other hosts may start. A task on a host has a barrier when it depends on a
// task that does not run on that host. It then starts only when that task has succeeded on all of its hosts. A task that
// runs always waits only until that task has ended.
type barriers struct {
	// run is the state of the run; begin sets it.
	run   *state.Run
	needs map[plan.TaskRef][]plan.TaskRef
	// waiting are the tasks that need each task, in the order of the run.
	waiting map[plan.TaskRef][]plan.TaskRef
	// always are the tasks that run whether or not the tasks that they depend on succeeded.
	always map[plan.TaskRef]bool
	// through are the dependencies that arise only because a task between them runs on no host. Hosts don't know of them.
	through map[plan.TaskRef]map[plan.TaskRef]bool
	// decided are the verdicts that were sent to hosts. Each is sent once.
	decided map[plan.TaskRef]map[string]bool
	// behind is how many tasks with barriers each host has, and ended how many of its first tasks have ended.
	behind, ended map[string]int
}

// verdict is a decision for one task on one host: the task may start or, with a reason, it never will.
type verdict struct {
	host   string
	task   plan.TaskRef
	reason string
}

func newBarriers(jobs []Job) *barriers {
	b := &barriers{
		needs: map[plan.TaskRef][]plan.TaskRef{}, waiting: map[plan.TaskRef][]plan.TaskRef{}, always: map[plan.TaskRef]bool{},
		through: map[plan.TaskRef]map[plan.TaskRef]bool{}, decided: map[plan.TaskRef]map[string]bool{}, behind: map[string]int{},
		ended: map[string]int{},
	}
	runs := map[plan.TaskRef]bool{}
	for i := range jobs {
		runs[jobs[i].ref()] = true
		b.always[jobs[i].ref()] = jobs[i].Task.Always
	}
	for i := range jobs {
		b.setNeeds(&jobs[i], runs)
	}
	return b
}

// begin sets the run, which has just begun.
func (b *barriers) begin(run *state.Run) {
	b.run = run
	for _, job := range run.Jobs {
		for _, host := range job.Hosts {
			if b.gated(job.TaskRef, host) {
				b.behind[host]++
			}
		}
	}
}

// setNeeds records what a task waits for: its dependencies. A dependency that runs on no host is replaced by its own
// dependencies.
func (b *barriers) setNeeds(job *Job, runs map[plan.TaskRef]bool) {
	id := job.ref()
	direct := job.Task.DependsOn
	seen := map[string]bool{}
	for left := slices.Clone(direct); len(left) > 0; left = left[1:] {
		need := plan.Ref(job.Group.Name, left[0])
		switch {
		case seen[need.Task]:
		case !runs[need]:
			left = append(left, dependencies(job.Group, need.Task)...)
		default:
			b.needs[id] = append(b.needs[id], need)
			b.waiting[need] = append(b.waiting[need], id)
			if !slices.Contains(direct, need.Task) {
				b.markThrough(id, need)
			}
		}
		seen[need.Task] = true
	}
}

func (b *barriers) markThrough(id, need plan.TaskRef) {
	if b.through[id] == nil {
		b.through[id] = map[plan.TaskRef]bool{}
	}
	b.through[id][need] = true
}

// waitsThrough returns the names of the tasks that this one waits for only because a task between them runs on no host.
func (b *barriers) waitsThrough(id plan.TaskRef) []string {
	var names []string
	for _, need := range b.needs[id] {
		if b.through[id][need] {
			names = append(names, need.Task)
		}
	}
	return names
}

func dependencies(group *plan.Group, task string) []string {
	for _, other := range group.Tasks {
		if other.Name == task {
			return other.DependsOn
		}
	}
	return nil
}

// gated reports whether the task waits for other hosts when it runs on this one.
func (b *barriers) gated(id plan.TaskRef, host string) bool {
	for _, need := range b.needs[id] {
		if !b.hostKnows(id, need, host) {
			return true
		}
	}
	return false
}

// hostKnows reports whether the host itself makes one of its tasks wait for the other.
func (b *barriers) hostKnows(id, need plan.TaskRef, host string) bool {
	return b.run.Host(host).Task(need) != nil && !b.through[id][need]
}

// settle records that a task has ended on a host, and returns the verdicts that follow.
func (b *barriers) settle(host string, task *state.Task) []verdict {
	first := !task.State.Succeeded() && task.Job.FailedOn == host
	if !first && !task.Job.IsComplete() {
		return nil
	}
	var verdicts []verdict
	for _, waiting := range b.waiting[task.Job.TaskRef] {
		verdicts = append(verdicts, b.evaluate(waiting)...)
	}
	return verdicts
}

// evaluate checks the barrier of a task on every host where the task waits.
func (b *barriers) evaluate(id plan.TaskRef) []verdict {
	var verdicts []verdict
	for _, host := range b.run.Job(id).Hosts {
		if b.decided[id][host] || !b.gated(id, host) {
			continue
		}
		ready, reason := b.look(id, host)
		if ready || reason != "" {
			b.decide(id, host)
			verdicts = append(verdicts, verdict{host, id, reason})
		}
	}
	return verdicts
}

func (b *barriers) decide(id plan.TaskRef, host string) {
	if b.decided[id] == nil {
		b.decided[id] = map[string]bool{}
	}
	b.decided[id][host] = true
}

func (b *barriers) look(id plan.TaskRef, host string) (ready bool, reason string) {
	ready = true
	for _, need := range b.needs[id] {
		if b.hostKnows(id, need, host) {
			continue
		}
		job := b.run.Job(need)
		if b.always[id] {
			ready = ready && job.IsComplete()
			continue
		}
		if job.FailedOn != "" {
			return false, fmt.Sprintf("%s did not succeed on %s", need.Task, job.FailedOn)
		}
		ready = ready && job.Succeeded()
	}
	return ready, ""
}

// waits reports whether the host can only wait for other hosts. Groups run one after the other, so that only the tasks of
// its current group count.
func (b *barriers) waits(host string) bool {
	if b.behind[host] == 0 {
		return false // the usual case; this is called after each task
	}
	h := b.run.Host(host)
	next := b.ended[host]
	for next < len(h.Given) && h.Given[next].State.IsFinal() {
		next++
	}
	b.ended[host] = next
	if next == len(h.Given) {
		return false
	}
	known := map[plan.TaskRef]bool{}
	for i := next; i < len(h.Given) && h.Given[i].Job.Group == h.Given[next].Job.Group; i++ {
		if task := &h.Given[i]; !task.State.IsFinal() && b.startable(task, h, known) {
			return false
		}
	}
	return true
}

// startable reports whether the host could start the task now or after other tasks of its own. Results are kept in known,
// because there can be many more paths through the dependencies than tasks.
func (b *barriers) startable(task *state.Task, host *state.Host, known map[plan.TaskRef]bool) bool {
	id := task.Job.TaskRef
	if answer, ok := known[id]; ok {
		return answer
	}
	answer := !b.gated(id, host.Name) || b.decided[id][host.Name]
	for _, need := range b.needs[id] {
		if own := host.Task(need); own != nil && !own.State.IsFinal() {
			answer = answer && b.startable(own, host, known)
		}
	}
	known[id] = answer
	return answer
}
