package provision

import (
	"errors"
	"fmt"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// Phase is a step of what is done on a host.
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
	// Waiting is before all others: the host's turn did not come.
	Waiting Phase = "wait"
)

// Result is what became of one host.
type Result struct {
	// Host is the host's name, Name the agent's, and Address where it is reached.
	Host, Name, Address string
	// Phase is the last one that was begun.
	Phase Phase
	// Err is why it failed; nil: all was done.
	Err error
	// Removed says that Install failed, and that the host has no agent now, as before.
	Removed bool
	// The rest is what the host reported last, if it did. Texts come from the host.
	State                    proto.SetupReport_State
	Digest, Version, Service string
	// Message is what a person should know.
	Message string
}

// Failed are the results of hosts on which not all was done.
func Failed(results []Result) []Result {
	var failed []Result
	for _, r := range results {
		if r.Err != nil {
			failed = append(failed, r)
		}
	}
	return failed
}

// reports are what hosts reported in a run, by their names. It is a runner.Sink.
type reports map[string]*proto.SetupReport

// Event implements runner.Sink.
func (r reports) Event(e *proto.Event) {
	if report := e.GetSetupReport(); report != nil && len(report.GetRequest()) <= maxRequest {
		r[e.GetHost()] = report
	}
}

// failure is why a host did not do its task in a run; nil: it did.
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
