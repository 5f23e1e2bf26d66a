package runner

import (
	"fmt"
	"slices"

	"sloth-runner/plan"
	"sloth-runner/runner/state"
)

// barriers decide which tasks that wait for other hosts may start. A task on a host has a barrier when it depends on a task
// that does not run on that host: it then needs that task's success on all the hosts that it does run on. A task that runs
// always needs only its end there.
type barriers struct {
	// run is what is known; it is there from begin on.
	run   *state.Run
	needs map[plan.TaskRef][]plan.TaskRef
	// waiting are the tasks that need each task, in the order of the run.
	waiting map[plan.TaskRef][]plan.TaskRef
	// always are the tasks that run whatever became of their needs.
	always map[plan.TaskRef]bool
	// through are the needs that the file has only by way of tasks that run nowhere; hosts don't know of them.
	through map[plan.TaskRef]map[plan.TaskRef]bool
	// decided remembers what hosts were told, so that each is told once.
	decided map[plan.TaskRef]map[string]bool
	// behind is how many tasks with barriers each host has.
	behind map[string]int
}

// verdict is what a host must be told about one of its tasks: that it may start, or, with a reason, that it never will.
type verdict struct {
	host   string
	task   plan.TaskRef
	reason string
}

func newBarriers(jobs []Job) *barriers {
	b := &barriers{
		needs: map[plan.TaskRef][]plan.TaskRef{}, waiting: map[plan.TaskRef][]plan.TaskRef{}, always: map[plan.TaskRef]bool{},
		through: map[plan.TaskRef]map[plan.TaskRef]bool{}, decided: map[plan.TaskRef]map[string]bool{}, behind: map[string]int{},
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

// begin has the barriers decide by a run that has just begun.
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

// setNeeds notes what a task of the run waits for: what it depends on, and in the place of a task that runs nowhere what
// that depends on.
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

// waitsThrough are the names of the needs that the file has only by way of tasks that run nowhere.
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

// hostKnows reports whether the host itself sees to it that one of its tasks waits for another.
func (b *barriers) hostKnows(id, need plan.TaskRef, host string) bool {
	return b.run.Host(host).Task(need) != nil && !b.through[id][need]
}

// settle takes a task that has ended on a host, and returns what hosts must now be told.
func (b *barriers) settle(host string, task *state.Task) []verdict {
	first := !task.State.Succeeded() && task.Job.FailedOn == host
	if !first && !task.Job.IsComplete() {
		return nil
	}
	var verdicts []verdict
	for _, waiting := range b.waiting[task.Job.TaskRef] {
		verdicts = append(verdicts, b.judge(waiting)...)
	}
	return verdicts
}

// judge looks at every host where the task waits.
func (b *barriers) judge(id plan.TaskRef) []verdict {
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

// waits reports whether the host can do nothing but wait for other hosts. Groups come one after the other, so that
// only the tasks of its present group count.
func (b *barriers) waits(host string) bool {
	if b.behind[host] == 0 {
		return false // the usual host, of which this is asked after each task
	}
	h := b.run.Host(host)
	known := map[plan.TaskRef]bool{}
	group, waits := "", false
	for i := range h.Given {
		task := &h.Given[i]
		if task.State.IsFinal() {
			continue
		}
		if !waits {
			group, waits = task.Job.Group, true
		}
		if task.Job.Group == group && b.startable(task, h, known) {
			return false
		}
	}
	return waits
}

// startable reports whether the host could start the task now or after its own other tasks. Answers are kept in known,
// because paths through dependencies can be many more than tasks.
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
