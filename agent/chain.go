package agent

import (
	"fmt"
	"slices"
	"sync"

	"sloth-runner/proto"
)

// chain decides which task of a host comes next: groups one after the other, and in a group the first task of the
// file whose dependencies have succeeded and whose barrier is open. Safe for concurrent use.
type chain struct {
	mu     sync.Mutex
	links  []*link
	byName map[taskName]*link
}

type taskName struct{ group, name string }

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
}

// skippable is a task that can't run any more, and why.
type skippable struct {
	task   *link
	reason string
}

// newChain takes the tasks of the plan in its order and keeps those of this host.
func newChain(tasks []*proto.Task) *chain {
	c := &chain{byName: make(map[taskName]*link)}
	for _, task := range tasks {
		if task.GetHere() {
			l := &link{task: task}
			c.links = append(c.links, l)
			c.byName[taskName{task.GetGroup(), task.GetName()}] = l
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
		return !d.settled || d.outcome != proto.TaskFinished_SUCCESS
	})
}

// skippable settles the tasks that can't run any more because of what is settled, and returns them.
func (c *chain) skippable() []skippable {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []skippable
	for again := true; again; {
		again = false
		for _, l := range c.links {
			if l.settled {
				continue
			}
			if reason := l.obstacle(); reason != "" {
				found = append(found, skippable{l, reason})
				l.settled, l.outcome, again = true, proto.TaskFinished_SKIPPED, true
			}
		}
	}
	return found
}

// obstacle says why l can't ever run, or "".
func (l *link) obstacle() string {
	for _, d := range l.dependencies {
		if d.settled && d.outcome != proto.TaskFinished_SUCCESS {
			return fmt.Sprintf("%s %s", d.task.GetName(), became(d.outcome))
		}
	}
	return l.skipReason
}

// find returns the task of that name, or nil.
func (c *chain) find(group, name string) *link { return c.byName[taskName{group, name}] }

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

func (c *chain) settle(l *link, outcome proto.TaskFinished_Outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l.settled, l.outcome = true, outcome
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
func (c *chain) settledNames() []taskName {
	c.mu.Lock()
	defer c.mu.Unlock()
	var names []taskName
	for _, l := range c.links {
		if l.settled {
			names = append(names, taskName{l.task.GetGroup(), l.task.GetName()})
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
	default:
		return "failed"
	}
}

// failed is how many tasks have failed.
func (c *chain) failed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, l := range c.links {
		if l.outcome == proto.TaskFinished_FAILED {
			n++
		}
	}
	return n
}
