package agent

import (
	"maps"
	"testing"

	"sloth-runner/proto"
)

// with returns the task with fields changed.
func with(t *proto.Task, change func(*proto.Task)) *proto.Task {
	change(t)
	return t
}

func always(t *proto.Task)       { t.Always = true }
func ignoreErrors(t *proto.Task) { t.IgnoreErrors = true }
func keepGoing(t *proto.Task)    { t.KeepGoing = true }

// skippedOf returns the tasks that the queue skips now, with the reasons.
func skippedOf(c *queue) map[string]string {
	reasons := map[string]string{}
	for _, s := range c.skippable(false) {
		reasons[s.task.task.GetGroup()+"/"+s.task.task.GetName()] = s.reason
	}
	return reasons
}

// TestFailureEndsTheHost: after a failure no task of any group runs, except tasks with always: they follow their
// dependencies, whatever the results of those are.
func TestFailureEndsTheHost(t *testing.T) {
	c := newQueue([]*proto.Task{
		task("one", "backup", false), task("one", "check", false, "backup"), task("one", "wipe", false),
		with(task("one", "unlock", false, "wipe"), always),
		task("two", "restart", false), with(task("two", "report", false), always),
	})
	c.settle(expect(t, c, "backup"), proto.TaskFinished_FAILED, false)
	want := map[string]string{
		"one/check": "backup failed", "one/wipe": "backup failed earlier on this host",
		"two/restart": "one/backup failed earlier on this host",
	}
	if got := skippedOf(c); !maps.Equal(got, want) {
		t.Errorf("skipped %v, want %v", got, want)
	}
	c.settle(expect(t, c, "unlock"), proto.TaskFinished_SUCCESS, false)
	c.settle(expect(t, c, "report"), proto.TaskFinished_SUCCESS, false)
	expect(t, c, "end")
}

// TestIgnoredFailureEndsNothing: tasks that depend on the failed task run too.
func TestIgnoredFailureEndsNothing(t *testing.T) {
	c := newQueue([]*proto.Task{with(task("one", "probe", false), ignoreErrors), task("one", "after", false, "probe"), task("two", "later", false)})
	c.settle(expect(t, c, "probe"), proto.TaskFinished_FAILED, true)
	if got := skippedOf(c); len(got) > 0 {
		t.Errorf("skipped %v", got)
	}
	c.settle(expect(t, c, "after"), proto.TaskFinished_SUCCESS, false)
	c.settle(expect(t, c, "later"), proto.TaskFinished_SUCCESS, false)
	expect(t, c, "end")
}

// TestGroupThatKeepsGoing: a failure ends only what depends on it.
func TestGroupThatKeepsGoing(t *testing.T) {
	c := newQueue([]*proto.Task{
		with(task("one", "first", false), keepGoing), with(task("one", "after", false, "first"), keepGoing),
		with(task("one", "apart", false), keepGoing), task("two", "later", false), task("two", "last", false),
	})
	c.settle(expect(t, c, "first"), proto.TaskFinished_FAILED, false)
	if got, want := skippedOf(c), map[string]string{"one/after": "first failed"}; !maps.Equal(got, want) {
		t.Errorf("skipped %v, want %v", got, want)
	}
	c.settle(expect(t, c, "apart"), proto.TaskFinished_SUCCESS, false)
	// The other group does not keep going.
	c.settle(expect(t, c, "later"), proto.TaskFinished_LOST, false)
	if got, want := skippedOf(c), map[string]string{"two/last": "later was lost earlier on this host"}; !maps.Equal(got, want) {
		t.Errorf("skipped %v, want %v", got, want)
	}
	expect(t, c, "end")
}

// TestSkippedTaskEndsNothing: a task that is skipped because of another host does not count as a failure of this host.
func TestSkippedTaskEndsNothing(t *testing.T) {
	c := newQueue([]*proto.Task{task("g", "gated", true), task("g", "free", false)})
	c.skip("g", "gated", "it failed on another host")
	c.skippable(false)
	c.settle(expect(t, c, "free"), proto.TaskFinished_SUCCESS, false)
	expect(t, c, "end")
}
