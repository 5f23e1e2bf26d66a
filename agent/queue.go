package agent

import (
	"fmt"
	"slices"
	"sync"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// queue decides which task of a host runs next: groups run one after the other; within a group, the next task is the
// first in the file whose dependencies have succeeded and whose barrier is open. After a failure only tasks with always
// run. It is safe for concurrent use.
type queue struct {
	mu     sync.Mutex
	tasks  []*queuedTask
	byName map[plan.TaskRef]*queuedTask
	// endedBy is the task whose failure ended the host's work; nil: none.
	endedBy *queuedTask
}

// queuedTask is one task of this host.
type queuedTask struct {
	task *proto.Task
	// dependencies are its dependencies on this host.
	dependencies []*queuedTask

	released bool
	// skipReason is why the operator will never open its barrier.
	skipReason string
	settled    bool
	outcome    proto.TaskFinished_Outcome
	// ignored says that it failed and counts as successful.
	ignored bool
}

// skippable is a task that can't run any more, with the reason.
type skippable struct {
	task   *queuedTask
	reason string
}

// newQueue returns the queue of the plan's tasks on this host, in their order.
func newQueue(tasks []*proto.Task) *queue {
	q := &queue{byName: make(map[plan.TaskRef]*queuedTask)}
	for _, task := range tasks {
		if task.GetHere() {
			t := &queuedTask{task: task}
			q.tasks = append(q.tasks, t)
			q.byName[plan.Ref(task.GetGroup(), task.GetName())] = t
		}
	}
	for _, t := range q.tasks {
		for _, name := range t.task.GetDependsOn() {
			if d := q.find(t.task.GetGroup(), name); d != nil {
				t.dependencies = append(t.dependencies, d)
			}
		}
	}
	return q
}

// next returns the task to run now; nil if all remaining tasks wait for the operator. settled says that no task remains.
func (q *queue) next() (next *queuedTask, settled bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	group, settled := "", true
	for _, t := range q.tasks {
		if t.settled {
			continue
		}
		if settled {
			group, settled = t.task.GetGroup(), false
		}
		if t.task.GetGroup() != group {
			break
		}
		if t.ready() {
			return t, false
		}
	}
	return nil, settled
}

func (t *queuedTask) ready() bool {
	if t.task.GetGated() && !t.released {
		return false
	}
	return !slices.ContainsFunc(t.dependencies, func(d *queuedTask) bool {
		return !d.settled || !t.task.GetAlways() && !d.succeeded()
	})
}

func (t *queuedTask) succeeded() bool { return t.ignored || t.outcome == proto.TaskFinished_SUCCESS }

// skippable settles the tasks that can't run any more, and returns them. stopped says that the whole run ends: tasks
// that a failure would skip are then cancelled instead.
func (q *queue) skippable(stopped bool) []skippable {
	q.mu.Lock()
	defer q.mu.Unlock()
	var found []skippable
	skip := func(t *queuedTask, reason string) {
		if reason != "" {
			found = append(found, skippable{t, reason})
			t.settled, t.outcome = true, proto.TaskFinished_SKIPPED
		}
	}
	for before := -1; before < len(found); {
		before = len(found)
		for _, t := range q.tasks {
			if !t.settled {
				skip(t, t.obstacle())
			}
		}
	}
	for _, t := range q.tasks {
		if !t.settled && !stopped && q.endedBy != nil && !t.task.GetAlways() {
			skip(t, fmt.Sprintf("%s %s earlier on this host", q.endedBy.nameFor(t), became(q.endedBy.outcome)))
		}
	}
	return found
}

// obstacle returns why the task can never run, or "".
func (t *queuedTask) obstacle() string {
	for _, d := range t.dependencies {
		if d.settled && !d.succeeded() && !t.task.GetAlways() {
			return d.task.GetName() + " " + became(d.outcome)
		}
	}
	return t.skipReason
}

// nameFor returns the task's name for a message about other: with its group if the groups differ.
func (t *queuedTask) nameFor(other *queuedTask) string {
	if t.task.GetGroup() == other.task.GetGroup() {
		return t.task.GetName()
	}
	return t.task.GetGroup() + "/" + t.task.GetName()
}

// find returns the task with that name, or nil.
func (q *queue) find(group, name string) *queuedTask { return q.byName[plan.Ref(group, name)] }

func (q *queue) release(group, name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if t := q.find(group, name); t != nil {
		t.released = true
	}
}

func (q *queue) skip(group, name, reason string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if t := q.find(group, name); t != nil && reason != "" {
		t.skipReason = reason
	}
}

// settle records the result of a task. A failure that is not ignored ends the host's work, unless the task's group has
// keep_going.
func (q *queue) settle(t *queuedTask, outcome proto.TaskFinished_Outcome, ignored bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t.settled, t.outcome, t.ignored = true, outcome, ignored
	failed := outcome == proto.TaskFinished_FAILED || outcome == proto.TaskFinished_LOST
	if failed && !ignored && !t.task.GetKeepGoing() && q.endedBy == nil {
		q.endedBy = t
	}
}

func (q *queue) unsettled() []*queuedTask {
	q.mu.Lock()
	defer q.mu.Unlock()
	var left []*queuedTask
	for _, t := range q.tasks {
		if !t.settled {
			left = append(left, t)
		}
	}
	return left
}

// settledNames returns the tasks that have ended or will never begin.
func (q *queue) settledNames() []plan.TaskRef {
	q.mu.Lock()
	defer q.mu.Unlock()
	var names []plan.TaskRef
	for _, t := range q.tasks {
		if t.settled {
			names = append(names, plan.Ref(t.task.GetGroup(), t.task.GetName()))
		}
	}
	return names
}

func became(outcome proto.TaskFinished_Outcome) string {
	switch outcome {
	case proto.TaskFinished_SKIPPED:
		return "was skipped"
	case proto.TaskFinished_CANCELLED:
		return "was cancelled"
	case proto.TaskFinished_LOST:
		return "was lost"
	default:
		return "failed"
	}
}

// failed returns how many tasks have failed, without those whose failure is ignored.
func (q *queue) failed() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for _, t := range q.tasks {
		if t.outcome == proto.TaskFinished_FAILED && !t.ignored {
			n++
		}
	}
	return n
}
