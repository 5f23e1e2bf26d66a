package runner_test

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sloth-runner/internal/exitstatus"
	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
)

// TestLostHostSaysWhatIsNotKnown breaks the link in the first of several tasks. The agent goes on until it notices: what
// it could have begun by then is of unknown outcome, and only what it could not is skipped.
func TestLostHostSaysWhatIsNotKnown(t *testing.T) {
	group := &plan.Group{Name: "g", KeepGoing: true}
	lost, other := inventory.Target{Name: "lost", Address: "lost"}, inventory.Target{Name: "other", Address: "other"}
	var jobs []runner.Job
	add := func(name string, dependsOn []string, targets ...inventory.Target) {
		task := &plan.Task{Name: name, Action: plan.Shell{Line: "true"}, DependsOn: dependsOn}
		group.Tasks = append(group.Tasks, task)
		jobs = append(jobs, runner.Job{Group: group, Task: task, Targets: targets})
	}
	add("done", nil, lost)
	add("failed", nil, lost)
	add("running", nil, lost)
	add("next", []string{"running"}, lost)
	add("after failed", []string{"failed"}, lost)
	add("elsewhere", nil, other)
	add("gated", []string{"elsewhere"}, lost)
	add("after gated", []string{"gated"}, lost)

	f := &fakes{answer: func(host string, _ *proto.Start, stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
		if host == "other" {
			return say(stream, hello(), finishedTask("elsewhere", proto.TaskFinished_FAILED), done())
		}
		if err := say(stream, hello()); err != nil {
			return err
		}
		// The barrier is shut before the link breaks.
		if _, err := stream.Recv(); err != nil {
			return err
		}
		for i, event := range []*proto.Event{
			finishedTask("done", proto.TaskFinished_SUCCESS), finishedTask("failed", proto.TaskFinished_FAILED), startedTask("running"),
		} {
			event.Seq = uint64(i + 2)
			if err := stream.Send(event); err != nil {
				return err
			}
		}
		return status.Error(codes.Unavailable, "unplugged")
	}}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	result, err := runner.Run(ctx, runner.Config{
		ID: "test", Plan: &plan.Plan{File: "f", Groups: []*plan.Group{group}}, Jobs: jobs, Connector: f, AnswerTimeout: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	host := result.Host("lost")
	if host.State != state.Lost || result.ExitStatus != exitstatus.Both {
		t.Errorf("the host is %s (%v), exit status %d", host.State, host.Failure, result.ExitStatus)
	}
	got := map[string]proto.TaskFinished_Outcome{}
	for _, task := range host.Tasks {
		got[task.Job.Task] = task.Finished.GetOutcome()
	}
	for name, want := range map[string]proto.TaskFinished_Outcome{
		"done": proto.TaskFinished_SUCCESS, "failed": proto.TaskFinished_FAILED, "running": proto.TaskFinished_LOST,
		"next": proto.TaskFinished_LOST, "after failed": proto.TaskFinished_SKIPPED,
		"gated": proto.TaskFinished_SKIPPED, "after gated": proto.TaskFinished_SKIPPED,
	} {
		if got[name] != want {
			t.Errorf("%s: %s, want %s", name, got[name], want)
		}
	}
}

// TestNoAnswerAfterThePlan: a host that has the plan and says nothing may have begun with it; one that refused it has not.
func TestNoAnswerAfterThePlan(t *testing.T) {
	for name, test := range map[string]struct {
		err   error
		state state.State
	}{
		"broken":  {status.Error(codes.Unavailable, "unplugged"), state.Lost},
		"refused": {status.Error(codes.PermissionDenied, "you may not"), state.Unreachable},
		"foreign": {status.Error(codes.Unimplemented, "no such service"), state.Unreachable},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fakes{answer: func(string, *proto.Start, grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
				return test.err
			}}
			host := runOn(t, f, 0, new(recorder), "h").Hosts[0]
			if host.State != test.state || host.Failure.GetStage() != proto.Failure_ANSWER {
				t.Errorf("the host is %s: %v", host.State, host.Failure)
			}
			if known := len(host.Tasks) == 1 && host.Tasks[0].Finished.GetOutcome() == proto.TaskFinished_LOST; known != (test.state == state.Lost) {
				t.Errorf("its tasks are %v", host.Tasks)
			}
		})
	}
}
