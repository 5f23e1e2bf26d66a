package phrase

import (
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
)

// Brief says in few words what became of a host, and what else is to be known of it. Why a host failed is not part of it:
// that stands once, in full, below the results. changes is how much was changed; see Changes.
func Brief(r *state.Run, host *state.Host, changes string) string {
	text := ""
	switch host.State {
	case state.Failed:
		text = stageFailed(host.Failure)
		if task := FirstFailed(r, host); task != "" {
			text = task + " failed" + AndMore(host) + skippedAfter(host)
		}
	case state.Unreachable:
		text = stageFailed(host.Failure)
	case state.Lost:
		text = FirstOf(unknownOutcome(r, host), stageFailed(host.Failure))
	default:
		text = became(r, host)
	}
	if changes != "" {
		text += "; " + changes
	}
	if host.Remark != "" {
		text += "; " + layout.Bounded(FirstLine(host.Remark), ReasonWidth)
	}
	return text
}

// FirstFailed names the first task that failed: "task 'deploy'"; "" when none did.
func FirstFailed(r *state.Run, host *state.Host) string {
	failed := FailedTasks(host)
	if len(failed) == 0 {
		return ""
	}
	return "task '" + TaskName(r, failed[0].Job.TaskRef) + "'"
}

// AndMore is how many tasks failed beside the first; "" when none did.
func AndMore(host *state.Host) string {
	if more := len(FailedTasks(host)) - 1; more > 0 {
		return " (and " + Count(more, "more task") + ")"
	}
	return ""
}

// skippedAfter is how many tasks of the host did not run; "" when all did.
func skippedAfter(host *state.Host) string {
	if n := skippedTasks(host); n > 0 {
		return "; " + Count(n, "task") + " skipped"
	}
	return ""
}

// stageFailed says how far it came.
func stageFailed(failure *proto.Failure) string {
	switch proto.FaultStage(failure.GetStage()) {
	case fault.Resolve, fault.Connect:
		return "failed to connect"
	case fault.Handshake:
		return "failed in the SSH handshake"
	case fault.Authenticate:
		return "failed to authenticate"
	case fault.Bootstrap:
		return "failed to start the agent"
	case fault.Answer:
		return "the agent did not answer"
	case fault.Load:
		return "failed to load the file"
	case fault.Lost:
		return "the link broke"
	default:
		return "failed"
	}
}
