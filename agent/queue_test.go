package agent

import (
	"strconv"
	"testing"

	"sloth-runner/proto"
)

func task(group, name string, gated bool, dependsOn ...string) *proto.Task {
	return &proto.Task{Group: group, Name: name, DependsOn: dependsOn, Here: true, Gated: gated}
}

// expect compares the name of the next task; "" stands for waiting, "end" for the end.
func expect(t *testing.T, c *queue, want string) *queuedTask {
	t.Helper()
	next, settled := c.next()
	got := ""
	switch {
	case settled:
		got = "end"
	case next != nil:
		got = next.task.GetName()
	}
	if got != want {
		t.Fatalf("next is %q, want %q", got, want)
	}
	return next
}

func TestQueueFollowsTheFile(t *testing.T) {
	c := newQueue([]*proto.Task{
		task("one", "b", false, "a"), task("one", "a", false), task("one", "c", false),
		{Group: "one", Name: "elsewhere"},
		task("two", "a", false),
	})
	for _, name := range []string{"a", "b", "c", "a"} {
		c.settle(expect(t, c, name), proto.TaskFinished_SUCCESS, false)
	}
	expect(t, c, "end")
}

// TestQueueGoesOnWhileATaskWaits: only tasks behind the barrier wait for it, and the next group waits for this one.
func TestQueueGoesOnWhileATaskWaits(t *testing.T) {
	c := newQueue([]*proto.Task{task("one", "gated", true), task("one", "free", false), task("two", "later", false)})
	c.settle(expect(t, c, "free"), proto.TaskFinished_SUCCESS, false)
	expect(t, c, "")
	c.release("one", "unheard-of")
	expect(t, c, "")
	c.release("one", "gated")
	c.settle(expect(t, c, "gated"), proto.TaskFinished_SUCCESS, false)
	c.settle(expect(t, c, "later"), proto.TaskFinished_SUCCESS, false)
	expect(t, c, "end")
}

func TestQueueSkipsWhatCantRun(t *testing.T) {
	// The file's order is against that of the dependencies: what follows from a failure is found all at once.
	c := newQueue([]*proto.Task{task("g", "third", false, "second"), task("g", "second", false, "first"), task("g", "first", false), task("g", "gated", true)})
	c.settle(expect(t, c, "first"), proto.TaskFinished_FAILED, false)
	c.skip("g", "gated", "it failed on another host")
	reasons := map[string]string{}
	for _, s := range c.skippable(false) {
		reasons[s.task.task.GetName()] = s.reason
	}
	want := map[string]string{"second": "first failed", "third": "second was skipped", "gated": "it failed on another host"}
	if len(reasons) != len(want) {
		t.Fatalf("skipped %v", reasons)
	}
	for name, reason := range want {
		if reasons[name] != reason {
			t.Errorf("%s: %q, want %q", name, reasons[name], reason)
		}
	}
	expect(t, c, "end")
	if again := c.skippable(false); len(again) != 0 {
		t.Errorf("skipped again: %v", again)
	}
}

// TestQueueOfManyTasks: the cost of a task does not grow with the number of tasks. If each were searched for among all
// others after every task, this test would take hours.
func TestQueueOfManyTasks(t *testing.T) {
	tasks := []*proto.Task{task("g", "0", false)}
	for i := 1; i < 5_000; i++ {
		tasks = append(tasks, task("g", strconv.Itoa(i), false, strconv.Itoa(i-1)))
	}
	c := newQueue(tasks)
	for i := range tasks {
		c.settle(expect(t, c, strconv.Itoa(i)), proto.TaskFinished_SUCCESS, false)
		if len(c.skippable(false)) > 0 {
			t.Fatal("a task was skipped, though all succeeded")
		}
	}
	expect(t, c, "end")
}
