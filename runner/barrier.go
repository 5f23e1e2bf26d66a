package runner

import (
	"fmt"
	"slices"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// barriers knows which tasks wait for which hosts. A task on a host has a barrier when it depends on a task that does
// not run on that host: it then needs that task's success on all the hosts that it does run on. A task that runs always
// needs only its end there.
type barriers struct {
	needs map[plan.TaskRef][]plan.TaskRef
	// always are the tasks that run whatever became of their needs.
	always map[plan.TaskRef]bool
	// through are the needs that the file has only by way of tasks that run nowhere; hosts don't know of them.
	through map[plan.TaskRef]map[plan.TaskRef]bool
	hosts   map[plan.TaskRef][]string
	on      map[plan.TaskRef]map[string]bool
	state   map[plan.TaskRef]map[string]proto.TaskFinished_Outcome
	// decided remembers what hosts were told, so that each is told once.
	decided map[plan.TaskRef]map[string]bool
	// succeeded counts hosts; failedOn is the first on which the task did not succeed.
	succeeded map[plan.TaskRef]int
	failedOn  map[plan.TaskRef]string
	order     []plan.TaskRef
	behind    map[string]bool // the hosts that have tasks with barriers
}

// verdict is what a host must be told about one of its tasks: that it may start, or, with a reason, that it never will.
type verdict struct {
	host   string
	task   plan.TaskRef
	reason string
}

func newBarriers(jobs []Job) *barriers {
	b := &barriers{
		needs: map[plan.TaskRef][]plan.TaskRef{}, always: map[plan.TaskRef]bool{}, through: map[plan.TaskRef]map[plan.TaskRef]bool{}, hosts: map[plan.TaskRef][]string{}, on: map[plan.TaskRef]map[string]bool{},
		state: map[plan.TaskRef]map[string]proto.TaskFinished_Outcome{}, decided: map[plan.TaskRef]map[string]bool{},
		succeeded: map[plan.TaskRef]int{}, failedOn: map[plan.TaskRef]string{}, behind: map[string]bool{},
	}
	for _, job := range jobs {
		id := plan.Ref(job.Group.Name, job.Task.Name)
		b.order = append(b.order, id)
		b.always[id] = job.Task.Always
		b.on[id], b.state[id], b.decided[id] = map[string]bool{}, map[string]proto.TaskFinished_Outcome{}, map[string]bool{}
		for _, target := range job.Targets {
			b.on[id][target.Name] = true
			b.hosts[id] = append(b.hosts[id], target.Name)
		}
	}
	for _, job := range jobs {
		b.setNeeds(job)
	}
	for _, id := range b.order {
		for _, host := range b.hosts[id] {
			if b.gated(id, host) {
				b.behind[host] = true
			}
		}
	}
	return b
}

// setNeeds notes what a task of the run waits for: what it depends on, and in the place of a task that runs nowhere what
// that depends on.
func (b *barriers) setNeeds(job Job) {
	id := plan.Ref(job.Group.Name, job.Task.Name)
	direct := job.Task.DependsOn
	seen := map[string]bool{}
	for left := slices.Clone(direct); len(left) > 0; left = left[1:] {
		need := plan.Ref(job.Group.Name, left[0])
		switch {
		case seen[need.Task]:
		case len(b.hosts[need]) == 0:
			left = append(left, dependencies(job.Group, need.Task)...)
		default:
			b.needs[id] = append(b.needs[id], need)
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
	return b.on[need][host] && !b.through[id][need]
}

// settle notes what became of a task on a host, and returns what hosts must now be told.
func (b *barriers) settle(id plan.TaskRef, host string, outcome proto.TaskFinished_Outcome) []verdict {
	if !b.on[id][host] {
		return nil
	}
	if _, known := b.state[id][host]; known {
		return nil
	}
	b.state[id][host] = outcome
	first := false
	if outcome == proto.TaskFinished_SUCCESS {
		b.succeeded[id]++
	} else if b.failedOn[id] == "" {
		b.failedOn[id], first = host, true
	}
	if !first && !b.complete(id) {
		return nil
	}
	var verdicts []verdict
	for _, waiting := range b.order {
		if slices.Contains(b.needs[waiting], id) {
			verdicts = append(verdicts, b.judge(waiting)...)
		}
	}
	return verdicts
}

// complete reports whether the task has come to its end on all its hosts.
func (b *barriers) complete(id plan.TaskRef) bool { return len(b.state[id]) == len(b.hosts[id]) }

// judge looks at every host where the task waits.
func (b *barriers) judge(id plan.TaskRef) []verdict {
	var verdicts []verdict
	for _, host := range b.hosts[id] {
		if b.decided[id][host] || !b.gated(id, host) {
			continue
		}
		ready, reason := b.look(id, host)
		if ready || reason != "" {
			b.decided[id][host] = true
			verdicts = append(verdicts, verdict{host, id, reason})
		}
	}
	return verdicts
}

func (b *barriers) look(id plan.TaskRef, host string) (ready bool, reason string) {
	ready = true
	for _, need := range b.needs[id] {
		if b.hostKnows(id, need, host) {
			continue
		}
		if b.always[id] {
			ready = ready && b.complete(need)
			continue
		}
		if other := b.failedOn[need]; other != "" {
			return false, fmt.Sprintf("%s did not succeed on %s", need.Task, other)
		}
		ready = ready && b.succeeded[need] == len(b.hosts[need])
	}
	return ready, ""
}

// waits reports whether the host can do nothing but wait for other hosts. Groups come one after the other, so that
// only the tasks of its present group count.
func (b *barriers) waits(host string) bool {
	if !b.behind[host] {
		return false // the usual host, of which this is asked after each task
	}
	left := b.unsettled(host)
	known := map[plan.TaskRef]bool{}
	for _, id := range left {
		if id.Group == left[0].Group && b.startable(id, host, known) {
			return false
		}
	}
	return len(left) > 0
}

// startable reports whether the host could start the task now or after its own other tasks. Answers are kept in known,
// because paths through dependencies can be many more than tasks.
func (b *barriers) startable(id plan.TaskRef, host string, known map[plan.TaskRef]bool) bool {
	if answer, ok := known[id]; ok {
		return answer
	}
	answer := !b.gated(id, host) || b.decided[id][host]
	for _, need := range b.needs[id] {
		if _, settled := b.state[need][host]; b.on[need][host] && !settled {
			answer = answer && b.startable(need, host, known)
		}
	}
	known[id] = answer
	return answer
}

// unsettled are the tasks of a host of which nothing final is known.
func (b *barriers) unsettled(host string) []plan.TaskRef {
	var left []plan.TaskRef
	for _, id := range b.order {
		if _, settled := b.state[id][host]; b.on[id][host] && !settled {
			left = append(left, id)
		}
	}
	return left
}
