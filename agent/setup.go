package agent

import (
	"context"
	"time"

	"sloth-runner/internal/abandon"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

// setupTimeout limits how long a setup step may take after its run has ended.
const setupTimeout = 2 * time.Minute

// setUp runs a setup task and returns its result.
func (s *session) setUp(ctx context.Context, task *proto.Task) *proto.TaskFinished {
	if s.setup == nil {
		return &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: "this agent sets up no other"}
	}
	patient, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	defer context.AfterFunc(ctx, func() {
		limit := time.NewTimer(setupTimeout)
		defer limit.Stop()
		select {
		case <-patient.Done():
		case <-limit.C:
		}
		stop(context.Cause(ctx))
	})()
	report, err := abandon.Do(patient, s.caller, abandon.Work[*proto.SetupReport]{
		Call: abandon.Call{Name: "the set-up of the agent " + task.GetSetup().GetName()},
		Do:   func() (*proto.SetupReport, error) { return s.setup(ctx, task.GetSetup(), s.version) },
	})
	if err != nil {
		return &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: fault.WithHint(err)}
	}
	s.emitTask(task, &proto.Event{Kind: &proto.Event_SetupReport{SetupReport: report}})
	return &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS, Message: report.GetMessage()}
}
