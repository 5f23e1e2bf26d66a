package agent

import (
	"fmt"
	"slices"
	"sync"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// chain decides which task of a host comes next: groups one after the other, and in a group the first task of the
// file whose dependencies have succeeded and whose barrier is open. A failure ends all that comes after it, but for tasks
// that run always. Safe for concurrent use.
type chain struct {
	mu     sync.Mutex
	links  []*link
	byName map[plan.TaskRef]*link
	// endedBy is the task whose failure ended the host's work; nil: none did.
	endedBy *link
}

// link is one task of this host.
type link struct {
	task *proto.Task
	// dependencies are those on this host.
	dependencies []*link

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
	task   *link
	reason string
}

// newChain takes the tasks of the plan in its order and keeps those of this host.
func newChain(tasks []*proto.Task) *chain {
	c := &chain{byName: make(map[plan.TaskRef]*link)}
	for _, task := range tasks {
		if task.GetHere() {
			l := &link{task: task}
			c.links = append(c.links, l)
			c.byName[plan.Ref(task.GetGroup(), task.GetName())] = l
		}
	}
	for _, l := range c.links {
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
func (c *chain) next() (next *link, settled bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	group, settled := "", true
	for _, l := range c.links {
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

func (l *link) ready() bool {
	if l.task.GetGated() && !l.released {
		return false
	}
	return !slices.ContainsFunc(l.dependencies, func(d *link) bool {
		return !d.settled || !l.task.GetAlways() && !d.succeeded()
	})
}

func (l *link) succeeded() bool { return l.ignored || l.outcome == proto.TaskFinished_SUCCESS }

// skippable settles the tasks that can't run any more because of what is settled, and returns them. stopped says that the
// whole run ends: what a failure would have ended is then not skipped but cancelled.
func (c *chain) skippable(stopped bool) []skippable {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []skippable
	skip := func(l *link, reason string) {
		if reason != "" {
			found = append(found, skippable{l, reason})
			l.settled, l.outcome = true, proto.TaskFinished_SKIPPED
		}
	}
	for before := -1; before < len(found); {
		before = len(found)
		for _, l := range c.links {
			if !l.settled {
				skip(l, l.obstacle())
			}
		}
	}
	for _, l := range c.links {
		if !l.settled && !stopped && c.endedBy != nil && !l.task.GetAlways() {
			skip(l, fmt.Sprintf("%s %s earlier on this host", c.endedBy.nameFor(l), became(c.endedBy.outcome)))
		}
	}
	return found
}

// obstacle says why l can't ever run, or "".
func (l *link) obstacle() string {
	for _, d := range l.dependencies {
		if d.settled && !d.succeeded() && !l.task.GetAlways() {
			return d.task.GetName() + " " + became(d.outcome)
		}
	}
	return l.skipReason
}

// nameFor is the task's name in what is said of another: with its group, where that is another one.
func (l *link) nameFor(other *link) string {
	if l.task.GetGroup() == other.task.GetGroup() {
		return l.task.GetName()
	}
	return l.task.GetGroup() + "/" + l.task.GetName()
}

// find returns the task of that name, or nil.
func (c *chain) find(group, name string) *link { return c.byName[plan.Ref(group, name)] }

func (c *chain) release(group, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l := c.find(group, name); l != nil {
		l.released = true
	}
}

func (c *chain) skip(group, name, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l := c.find(group, name); l != nil && reason != "" {
		l.skipReason = reason
	}
}

// settle notes how a task ended. A failure that is not ignored ends the host's work, unless the task's group keeps going.
func (c *chain) settle(l *link, outcome proto.TaskFinished_Outcome, ignored bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l.settled, l.outcome, l.ignored = true, outcome, ignored
	failed := outcome == proto.TaskFinished_FAILED || outcome == proto.TaskFinished_LOST
	if failed && !ignored && !l.task.GetKeepGoing() && c.endedBy == nil {
		c.endedBy = l
	}
}

func (c *chain) unsettled() []*link {
	c.mu.Lock()
	defer c.mu.Unlock()
	var left []*link
	for _, l := range c.links {
		if !l.settled {
			left = append(left, l)
		}
	}
	return left
}

// settledNames are the tasks that have come to their end, or never will begin.
func (c *chain) settledNames() []plan.TaskRef {
	c.mu.Lock()
	defer c.mu.Unlock()
	var names []plan.TaskRef
	for _, l := range c.links {
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
func (c *chain) failed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, l := range c.links {
		if l.outcome == proto.TaskFinished_FAILED && !l.ignored {
			n++
		}
	}
	return n
}
