package provision

import (
	"errors"
	"fmt"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// Phase is a step of the work on a host.
type Phase string

// The phases.
const (
	MakingKey    Phase = "key"
	Signing      Phase = "sign"
	Installing   Phase = "install"
	Upgrading    Phase = "upgrade"
	Uninstalling Phase = "uninstall"
	Querying     Phase = "query"
	Proving      Phase = "prove"
	// Waiting is the phase of a host before its first step.
	Waiting Phase = "wait"
)

// Result is the result of one host.
type Result struct {
	// Host is the host's name, Name the agent's name, and Address the agent's address.
	Host, Name, Address string
	// Phase is the last one that was begun.
	Phase Phase
	// Err is the error; nil when all steps succeeded.
	Err error
	// Removed says that Install failed and has removed the agent.
	Removed bool
	// The other fields are the host's last report. Texts come from the host.
	State                    proto.SetupReport_State
	Digest, Version, Service string
	// Message is what the user should know.
	Message string
}

// Failed returns the results of hosts with an error.
func Failed(results []Result) []Result {
	var failed []Result
	for _, r := range results {
		if r.Err != nil {
			failed = append(failed, r)
		}
	}
	return failed
}

// reports are the reports of hosts in a run, by their names. It is a runner.Sink.
type reports map[string]*proto.SetupReport

// Event implements runner.Sink.
func (r reports) Event(e *proto.Event) {
	if report := e.GetSetupReport(); report != nil && len(report.GetRequest()) <= maxRequest {
		r[e.GetHost()] = report
	}
}

// failure returns why a host did not do its task in a run, or nil.
func failure(host *state.Host) error {
	switch {
	case host == nil:
		return errors.New("it was not part of the run")
	case host.State == state.Success:
		return nil
	case host.Failure != nil:
		return &fault.Error{Stage: proto.FaultStage(host.Failure.GetStage()), Err: errors.New(host.Failure.GetReason()), Hint: host.Failure.GetHint()}
	}
	for _, task := range host.Tasks {
		if message := task.Finished.GetMessage(); message != "" {
			return &fault.Error{Stage: fault.Execute, Err: errors.New(message)}
		}
	}
	return fmt.Errorf("it is %s", host.State)
}
