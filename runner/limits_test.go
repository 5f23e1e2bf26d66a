package runner_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"

	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
)

type eventStream = grpc.BidiStreamingServer[proto.RunRequest, proto.Event]

// timed runs a task "t" with limits, in virtual time, on a host that answers with the given function. It returns the
// state of the host and how long the run took.
func timed(t *testing.T, work, task time.Duration, answer func(eventStream) error) (*state.Host, time.Duration) {
	t.Helper()
	f := &fakes{answer: func(_ string, _ *proto.Start, stream eventStream) error { return answer(stream) }}
	job := runner.Job{Group: &plan.Group{Name: "g"}, Task: &plan.Task{Name: "t", Action: plan.Shell{Line: "true"}, Timeout: task}}
	job.Group.Tasks = []*plan.Task{job.Task}
	job.Targets = []inventory.Target{{Name: "h", Address: "h"}}
	began := time.Now()
	result, err := runner.Run(t.Context(), runner.Config{
		ID: "test", Plan: &plan.Plan{File: "f", Groups: []*plan.Group{job.Group}}, Jobs: []runner.Job{job},
		Connector: f, Timeout: work,
	})
	if err != nil {
		t.Fatal(err)
	}
	return result.Hosts[0], time.Since(began)
}

// silence answers nothing more, until the operator leaves.
func silence(stream eventStream) error {
	<-stream.Context().Done()
	return nil
}

// TestLimitsAreKeptFromHere has agents that don't keep to limits. Each is given up soon after its limit.
func TestLimitsAreKeptFromHere(t *testing.T) {
	output := &proto.Event{Group: "g", Task: "t", Kind: &proto.Event_Output{Output: proto.NewOutput(proto.Output_STDOUT, []byte("x\n"))}}
	for name, test := range map[string]struct {
		work, task time.Duration
		answer     func(eventStream) error
		reason     string
		atMost     time.Duration
	}{
		"the limit of a host": {work: time.Minute, answer: func(stream eventStream) error {
			if err := say(stream, hello(), startedTask("t")); err != nil {
				return err
			}
			return silence(stream)
		}, reason: "it did not stop in time: its limit was 1m0s", atMost: 71 * time.Second},
		"the limit of a task": {task: time.Minute, answer: func(stream eventStream) error {
			if err := say(stream, hello(), startedTask("t")); err != nil {
				return err
			}
			return silence(stream)
		}, reason: `it did not stop in time: the limit of task "t" was 1m0s`, atMost: 71 * time.Second},
		"no first answer": {work: time.Minute, answer: silence, reason: "the agent does not answer", atMost: 71 * time.Second},
		"output without end": {work: time.Minute, answer: func(stream eventStream) error {
			if err := say(stream, hello(), startedTask("t")); err != nil {
				return err
			}
			for seq := uint64(3); ; seq++ {
				output.Seq = seq
				if err := stream.Send(output); err != nil {
					return err
				}
				time.Sleep(time.Second)
			}
		}, reason: "it did not stop in time: its limit was 1m0s", atMost: 75 * time.Second},
		"no end of the run": {answer: func(stream eventStream) error {
			if err := say(stream, hello(), startedTask("t"), finishedTask("t", proto.TaskFinished_SUCCESS)); err != nil {
				return err
			}
			return silence(stream)
		}, reason: "it did not stop in time: all its tasks have ended, and it did not say that nothing is left of them", atMost: 31 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host, took := timed(t, test.work, test.task, test.answer)
				if host.State != state.Lost || host.Failure.GetReason() != test.reason {
					t.Errorf("the host is %s: %q, want lost: %q", host.State, host.Failure.GetReason(), test.reason)
				}
				if took > test.atMost || took < test.work {
					t.Errorf("the run took %v, want at most %v", took, test.atMost)
				}
			})
		})
	}
}

// TestLimitLeavesTimeToStop: an agent that keeps to its limit is believed, although it needs a while to end what runs.
func TestLimitLeavesTimeToStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host, _ := timed(t, time.Minute, 0, func(stream eventStream) error {
			if err := say(stream, hello(), startedTask("t")); err != nil {
				return err
			}
			time.Sleep(time.Minute + 8*time.Second)
			end := finishedTask("t", proto.TaskFinished_FAILED)
			end.Seq = 3
			last := done()
			last.Seq = 4
			if err := stream.Send(end); err != nil {
				return err
			}
			return stream.Send(last)
		})
		if host.State != state.Failed {
			t.Errorf("the host is %s: %v", host.State, host.Failure)
		}
	})
}

// TestLimitCountsNoTimeOfTheOperator: what an agent said in time is believed, however long this side did not take it.
func TestLimitCountsNoTimeOfTheOperator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakes{answer: func(_ string, _ *proto.Start, stream eventStream) error {
			return say(stream, hello(), startedTask("t"), finishedTask("t", proto.TaskFinished_SUCCESS), done())
		}}
		job := runner.Job{Group: &plan.Group{Name: "g"}, Task: &plan.Task{Name: "t", Action: plan.Shell{Line: "true"}, Timeout: time.Second}}
		job.Group.Tasks = []*plan.Task{job.Task}
		job.Targets = []inventory.Target{{Name: "h", Address: "h"}}
		slow := &recorder{onEvent: func(e *proto.Event) {
			if e.GetTaskStarted() != nil {
				time.Sleep(time.Hour) // as a terminal that was stopped
			}
		}}
		result, err := runner.Run(t.Context(), runner.Config{
			ID: "test", Plan: &plan.Plan{File: "f", Groups: []*plan.Group{job.Group}}, Jobs: []runner.Job{job},
			Connector: f, Timeout: time.Second, Sinks: []runner.Sink{slow},
		})
		if err != nil || result.Hosts[0].State != state.Success {
			t.Errorf("the host is %s (%v): %v", result.Hosts[0].State, result.Hosts[0].Failure, err)
		}
	})
}

// TestInterruptOfAgentThatReadsNothing: an agent that takes nothing holds up no interrupt. Its plan is larger than what may be
// on its way.
func TestInterruptOfAgentThatReadsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		interrupt := make(chan struct{})
		f := &fakes{answer: func(_ string, _ *proto.Start, stream eventStream) error {
			if err := say(stream, hello(), startedTask("t")); err != nil {
				return err
			}
			close(interrupt)
			return silence(stream)
		}}
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		task := &plan.Task{Name: "t", Action: plan.Function{}}
		group := &plan.Group{Name: "g", Tasks: []*plan.Task{task}}
		result, err := runner.Run(ctx, runner.Config{
			ID: "test", Plan: &plan.Plan{File: "f", Source: make([]byte, 1<<20), Groups: []*plan.Group{group}},
			Jobs:      []runner.Job{{Group: group, Task: task, Targets: []inventory.Target{{Name: "h", Address: "h"}}}},
			Connector: f, Interrupt: interrupt,
		})
		if err != nil {
			t.Fatal(err)
		}
		if host := result.Hosts[0]; host.State != state.Lost || !strings.Contains(host.Failure.GetReason(), "did not confirm") {
			t.Errorf("the host is %s: %v", host.State, host.Failure)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("the interrupt took %v", took)
		}
	})
}

// TestAbsurdDurations: no duration that an agent names reaches a sink that can't write it.
func TestAbsurdDurations(t *testing.T) {
	for _, absurd := range []*durationpb.Duration{
		{Seconds: 1 << 62}, {Seconds: -1 << 62}, {Seconds: 1, Nanos: -5}, {Nanos: 1 << 30}, {Seconds: 400e9},
	} {
		f := &fakes{answer: func(_ string, _ *proto.Start, stream eventStream) error {
			end := finishedTask("t", proto.TaskFinished_SUCCESS)
			end.GetTaskFinished().Duration = absurd
			return say(stream, hello(), startedTask("t"), end, done())
		}}
		sink := &recorder{onEvent: func(e *proto.Event) {
			if _, err := e.Line(); err != nil {
				t.Error(err)
			}
		}}
		if result := runOn(t, f, 0, sink, "h"); result.Hosts[0].State != state.Success {
			t.Errorf("the host is %s: %v", result.Hosts[0].State, result.Hosts[0].Failure)
		}
	}
}
