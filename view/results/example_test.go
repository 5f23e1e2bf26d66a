package results_test

import (
	"os"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
	"sloth-runner/view/results"
)

// A result is the sum of a run's events; of a record, as here, or of a run that has just ended.
func Example() {
	hosts := []*proto.RunHost{{Name: "web-1", Address: "10.0.0.1:22"}}
	var result state.Run
	for _, event := range []*proto.Event{
		{Kind: &proto.Event_RunStarted{RunStarted: &proto.RunStarted{
			Id: "20261107-101112-ab", Hosts: hosts,
			Tasks: []*proto.RunTask{{Group: "deploy", Name: "restart", Hosts: []string{"web-1"}}},
		}}},
		{Host: "web-1", Kind: &proto.Event_HostFinished{HostFinished: &proto.HostFinished{
			State:   proto.HostFinished_UNREACHABLE,
			Failure: &proto.Failure{Stage: proto.Failure_CONNECT, Reason: "connection refused", Hint: "is sshd running"},
		}}},
		{Kind: &proto.Event_RunFinished{RunFinished: &proto.RunFinished{ExitStatus: 4}}},
	} {
		result.Apply(event)
	}
	results.Write(os.Stdout, results.Options{}, &result)
	// Output:
	// 📊 Multi-Host Execution Results
	//
	// Host  | Status         | Details
	// ------|----------------|-------------------
	// web-1 | 🔌 Unreachable | failed to connect
	//
	// ┌─ ❌ Execution Summary ─┐
	// │ Task:        restart   │
	// │ Total:       1 host    │
	// │ Success:     0         │
	// │ Failed:      0         │
	// │ Unreachable: 1         │
	// └────────────────────────┘
	//
	// 🔌 web-1: connect: connection refused
	//    hint: is sshd running
	//
	// Run:   20261107-101112-ab (0s)
	// Logs:  sloth-runner runs logs 20261107-101112-ab HOST
}
