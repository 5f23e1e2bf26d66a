package agent

import (
	"fmt"
	"slices"
	"sync"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// queue decides which task of a host comes next: groups one after the other, and in a group the first task of the
// file whose dependencies have succeeded and whose barrier is open. A failure ends all that comes after it, but for tasks
// that run always. Safe for concurrent use.
type queue struct {
	mu     sync.Mutex
	tasks  []*queuedTask
	byName map[plan.TaskRef]*queuedTask
	// endedBy is the task whose failure ended the host's work; nil: none did.
	endedBy *queuedTask
}

// queuedTask is one task of this host.
type queuedTask struct {
	task *proto.Task
	// dependencies are those on this host.
	dependencies []*queuedTask

	released bool
	// skipReason is why the operator will never release it.
	skipReason string
	settled    bool
	outcome    proto.TaskFinished_Outcome
	// ignored says that it failed, and that this counts as success.
	ignored bool
}

// skippable is a task that can't run any more, and why.
type skippable struct {
	task   *queuedTask
	reason string
}

// newQueue takes the tasks of the plan in its order and keeps those of this host.
func newQueue(tasks []*proto.Task) *queue {
	c := &queue{byName: make(map[plan.TaskRef]*queuedTask)}
	for _, task := range tasks {
		if task.GetHere() {
			l := &queuedTask{task: task}
			c.tasks = append(c.tasks, l)
			c.byName[plan.Ref(task.GetGroup(), task.GetName())] = l
		}
	}
	for _, l := range c.tasks {
		for _, name := range l.task.GetDependsOn() {
			if d := c.find(l.task.GetGroup(), name); d != nil {
				l.dependencies = append(l.dependencies, d)
			}
		}
	}
	return c
}

// next returns the task to run now; nil when all that is left waits for the operator. settled says that nothing
// is left.
func (c *queue) next() (next *queuedTask, settled bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	group, settled := "", true
	for _, l := range c.tasks {
		if l.settled {
			continue
		}
		if settled {
			group, settled = l.task.GetGroup(), false
		}
		if l.task.GetGroup() != group {
			break
		}
		if l.ready() {
			return l, false
		}
	}
	return nil, settled
}

func (l *queuedTask) ready() bool {
	if l.task.GetGated() && !l.released {
		return false
	}
	return !slices.ContainsFunc(l.dependencies, func(d *queuedTask) bool {
		return !d.settled || !l.task.GetAlways() && !d.succeeded()
	})
}

func (l *queuedTask) succeeded() bool { return l.ignored || l.outcome == proto.TaskFinished_SUCCESS }

// skippable settles the tasks that can't run any more because of what is settled, and returns them. stopped says that the
// whole run ends: what a failure would have ended is then not skipped but cancelled.
func (c *queue) skippable(stopped bool) []skippable {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []skippable
	skip := func(l *queuedTask, reason string) {
		if reason != "" {
			found = append(found, skippable{l, reason})
			l.settled, l.outcome = true, proto.TaskFinished_SKIPPED
		}
	}
	for before := -1; before < len(found); {
		before = len(found)
		for _, l := range c.tasks {
			if !l.settled {
				skip(l, l.obstacle())
			}
		}
	}
	for _, l := range c.tasks {
		if !l.settled && !stopped && c.endedBy != nil && !l.task.GetAlways() {
			skip(l, fmt.Sprintf("%s %s earlier on this host", c.endedBy.nameFor(l), became(c.endedBy.outcome)))
		}
	}
	return found
}

// obstacle says why l can't ever run, or "".
func (l *queuedTask) obstacle() string {
	for _, d := range l.dependencies {
		if d.settled && !d.succeeded() && !l.task.GetAlways() {
			return d.task.GetName() + " " + became(d.outcome)
		}
	}
	return l.skipReason
}

// nameFor is the task's name in what is said of another: with its group, where that is another one.
func (l *queuedTask) nameFor(other *queuedTask) string {
	if l.task.GetGroup() == other.task.GetGroup() {
		return l.task.GetName()
	}
	return l.task.GetGroup() + "/" + l.task.GetName()
}

// find returns the task of that name, or nil.
func (c *queue) find(group, name string) *queuedTask { return c.byName[plan.Ref(group, name)] }

func (c *queue) release(group, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l := c.find(group, name); l != nil {
		l.released = true
	}
}

func (c *queue) skip(group, name, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l := c.find(group, name); l != nil && reason != "" {
		l.skipReason = reason
	}
}

// settle notes how a task ended. A failure that is not ignored ends the host's work, unless the task's group keeps going.
func (c *queue) settle(l *queuedTask, outcome proto.TaskFinished_Outcome, ignored bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l.settled, l.outcome, l.ignored = true, outcome, ignored
	failed := outcome == proto.TaskFinished_FAILED || outcome == proto.TaskFinished_LOST
	if failed && !ignored && !l.task.GetKeepGoing() && c.endedBy == nil {
		c.endedBy = l
	}
}

func (c *queue) unsettled() []*queuedTask {
	c.mu.Lock()
	defer c.mu.Unlock()
	var left []*queuedTask
	for _, l := range c.tasks {
		if !l.settled {
			left = append(left, l)
		}
	}
	return left
}

// settledNames are the tasks that have come to their end, or never will begin.
func (c *queue) settledNames() []plan.TaskRef {
	c.mu.Lock()
	defer c.mu.Unlock()
	var names []plan.TaskRef
	for _, l := range c.tasks {
		if l.settled {
			names = append(names, plan.Ref(l.task.GetGroup(), l.task.GetName()))
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

// failed is how many tasks have failed, without those that are ignored.
func (c *queue) failed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, l := range c.tasks {
		if l.outcome == proto.TaskFinished_FAILED && !l.ignored {
			n++
		}
	}
	return n
}
