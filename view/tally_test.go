package view

import (
	"fmt"
	"strings"
	"testing"

	"sloth-runner/proto"
)

// Each event costs about the same, however many tasks the run has: were they all looked at with every line of output, or
// to name one, this test would take minutes.
func TestManyTasksAreCountedOneByOne(t *testing.T) {
	const tasks = 50_000
	hosts := numbered(1)
	names := make([]string, tasks)
	for i := range names {
		names[i] = fmt.Sprintf("task-%d", i)
	}
	s := begin("many", names, hosts...).connecting(hosts...).connected(hosts...)
	for _, name := range names {
		s.taskStarted("web-1", name).output("web-1", proto.Output_STDOUT, "line\n")
		s.taskFinished("web-1", name, &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS})
	}
	shown := s.hostFinished("web-1", proto.HostFinished_SUCCESS, nil).end(0, false).text(nil)
	want := fmt.Sprintf("✅ Task 'task-%d': success on 1 host\n", tasks-1)
	if !strings.Contains(shown.err.String(), want) {
		t.Errorf("the run's screen lacks %q", want)
	}
}
