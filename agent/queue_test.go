package agent

import (
	"strconv"
	"testing"

	"sloth-runner/proto"
)

func task(group, name string, gated bool, dependsOn ...string) *proto.Task {
	return &proto.Task{Group: group, Name: name, DependsOn: dependsOn, Here: true, Gated: gated}
}

// expect asks for the next task and compares its name; "" waits, "end" is the end.
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

func TestChainFollowsTheFile(t *testing.T) {
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

// TestChainGoesOnWhileATaskWaits: only what needs the barrier waits for it, but the next group waits for this one.
func TestChainGoesOnWhileATaskWaits(t *testing.T) {
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

func TestChainSkipsWhatCantRun(t *testing.T) {
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

// TestChainOfManyTasks: each task costs about the same, however many there are. Were each looked for among all others
// after every task, this test would take hours.
func TestChainOfManyTasks(t *testing.T) {
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
