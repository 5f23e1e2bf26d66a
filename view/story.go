package view

import (
	"fmt"

	"sloth-runner/proto"
	"sloth-runner/view/layout"
	"sloth-runner/view/phrase"
)

// story describes an event for -v; "" when there is nothing to add.
func story(e *proto.Event, dryRun bool) string {
	switch kind := e.GetKind().(type) {
	case *proto.Event_TaskStarted:
		return "started"
	case *proto.Event_TaskFinished:
		return taskEnd(kind.TaskFinished)
	case *proto.Event_Change:
		return layout.Bounded(kind.Change.Words(dryRun), phrase.ReasonWidth)
	case *proto.Event_HostConnected:
		return "connected" + via(kind.HostConnected.GetVia())
	case *proto.Event_Hello:
		hello := kind.Hello
		return fmt.Sprintf("agent %s on %s (%s/%s), pid %d", layout.Bounded(hello.GetVersion(), phrase.NameWidth),
			layout.Bounded(hello.GetHostname(), phrase.NameWidth), layout.Bounded(hello.GetOs(), phrase.NameWidth),
			layout.Bounded(hello.GetArch(), phrase.NameWidth), hello.GetPid())
	}
	return ""
}

func taskEnd(finished *proto.TaskFinished) string {
	took := " in " + phrase.Duration(finished.GetDuration().AsDuration())
	switch finished.GetOutcome() {
	case proto.TaskFinished_SUCCESS:
		return "succeeded" + took
	case proto.TaskFinished_SKIPPED:
		return "skipped: " + phrase.FirstOf(layout.Bounded(phrase.FirstLine(finished.GetMessage()), phrase.ReasonWidth), "what it depends on did not succeed")
	case proto.TaskFinished_CANCELLED:
		return "cancelled"
	case proto.TaskFinished_LOST:
		return "lost: its outcome is unknown"
	default:
		how := "failed"
		if finished.GetIgnored() {
			how = "failed (ignored)"
		}
		return how + took + ": " + phrase.TaskWhy(finished)
	}
}

func via(via proto.HostConnected_Via) string {
	switch via {
	case proto.HostConnected_LOCAL:
		return " inside this process"
	case proto.HostConnected_AGENT:
		return " to its agent"
	case proto.HostConnected_SSH_WARM:
		return " over SSH, the agent was there"
	case proto.HostConnected_SSH_COLD:
		return " over SSH, the agent was copied"
	default:
		return ""
	}
}
