package runner_test

import (
	"testing"

	"google.golang.org/grpc"

	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
)

// An agent of another version refuses the plan, and the user is told which side to upgrade, and how.
func TestProtocolOfAnotherVersion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		protocol     uint32
		reason, hint string
	}{
		"older": {
			proto.ProtocolVersion - 1, "the agent (0.9) speaks protocol 4, and this program protocol 5; nothing was run",
			"the agent is older: `sloth-runner agent upgrade web-1` puts this version there, over SSH",
		},
		"newer": {
			proto.ProtocolVersion + 1, "the agent (0.9) speaks protocol 6, and this program protocol 5; nothing was run",
			"the agent is newer: use its version of sloth-runner here",
		},
	} {
		f := &fakes{answer: func(_ string, start *proto.Start, stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
			if start.GetProtocol() != proto.ProtocolVersion {
				t.Errorf("the operator speaks protocol %d", start.GetProtocol())
			}
			refusal := &proto.Failure{Stage: proto.Failure_LOAD, Reason: "words of another version"}
			return say(stream, &proto.Event{Kind: &proto.Event_Hello{Hello: &proto.Hello{Protocol: test.protocol, Version: "0.9"}}},
				&proto.Event{Kind: &proto.Event_Done{Done: &proto.Done{Failure: refusal}}})
		}}
		task := &plan.Task{Name: "t", Action: plan.Shell{Line: "true"}}
		group := &plan.Group{Name: "g", Tasks: []*plan.Task{task}}
		result, err := runner.Run(t.Context(), runner.Config{
			ID: "test", Plan: &plan.Plan{File: "f", Groups: []*plan.Group{group}}, Connector: f,
			Jobs: []runner.Job{{Group: group, Task: task, Targets: []inventory.Target{{Name: "web-1", Kind: inventory.Agent}}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		host := result.Hosts[0]
		if host.State != state.Failed || host.Failure.GetReason() != test.reason || host.Failure.GetHint() != test.hint {
			t.Errorf("%s: %s, %v", name, host.State, host.Failure)
		}
	}
}
