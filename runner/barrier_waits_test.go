package runner

import (
	"fmt"
	"testing"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// TestWaitsAsTasksEnd: a host waits for another one only when all of its own tasks have ended that can run.
func TestWaitsAsTasksEnd(t *testing.T) {
	const tasks = 2_000
	jobs := []Job{job("elsewhere", []string{"b"})}
	for i := range tasks {
		jobs = append(jobs, job(fmt.Sprint("t", i), []string{"a"}))
	}
	jobs = append(jobs, job("gated", []string{"a"}, "elsewhere"))
	b := begun(jobs...)
	for i := range tasks {
		if b.waits("a") {
			t.Fatalf("the host waits after %d of %d tasks", i, tasks)
		}
		b.ends(plan.Ref("g", fmt.Sprint("t", i)), "a", proto.TaskFinished_SUCCESS)
	}
	if !b.waits("a") {
		t.Error("the host does not wait for the other one")
	}
	b.ends(plan.Ref("g", "elsewhere"), "b", proto.TaskFinished_SUCCESS)
	if b.waits("a") {
		t.Error("the host still waits")
	}
}
