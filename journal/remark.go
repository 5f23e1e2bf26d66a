package journal

import (
	"fmt"
	"strings"
	"time"

	"sloth-runner/proto"
)

// remarkTime is RFC 3339 in UTC, to the millisecond.
const remarkTime = "2006-01-02T15:04:05.000Z"

// remark returns the lines about an event in a host's log, which begin with "#"; "" for events that the log leaves out.
func remark(e *proto.Event, dryRun bool) string {
	text := remarkText(e)
	if change := e.GetChange(); change != nil {
		text = change.Words(dryRun)
	}
	if text == "" {
		return ""
	}
	if e.GetTask() != "" {
		text = e.GetGroup() + "." + e.GetTask() + ": " + text
	}
	text = strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n#   ")
	return "# " + e.GetTime().AsTime().UTC().Format(remarkTime) + " " + text + "\n"
}

func remarkText(e *proto.Event) string {
	switch kind := e.GetKind().(type) {
	case *proto.Event_HostConnecting:
		return "connecting to " + kind.HostConnecting.GetAddress()
	case *proto.Event_HostConnected:
		return "connected, " + viaText(kind.HostConnected.GetVia())
	case *proto.Event_Hello:
		h := kind.Hello
		return fmt.Sprintf("agent %s, %s/%s, host name %s", h.GetVersion(), h.GetOs(), h.GetArch(), h.GetHostname())
	case *proto.Event_Notice:
		return "notice: " + kind.Notice.GetText()
	case *proto.Event_TaskStarted:
		return "started"
	case *proto.Event_Log:
		return strings.ToLower(kind.Log.GetLevel().String()) + ": " + kind.Log.GetMessage()
	case *proto.Event_TaskFinished:
		return taskFinishedText(kind.TaskFinished)
	case *proto.Event_BecomeChanged:
		return "become " + kind.BecomeChanged.GetBecome().GetUser() + ": " + becomeText(kind.BecomeChanged.GetStep())
	case *proto.Event_HostFinished:
		f := kind.HostFinished
		return "host " + strings.ToLower(f.GetState().String()) + after(f.GetDuration().AsDuration()) + failureText(f.GetFailure())
	default:
		return ""
	}
}

func becomeText(step proto.BecomeChanged_Step) string {
	switch step {
	case proto.BecomeChanged_ASKED:
		return "asked for a password"
	case proto.BecomeChanged_STARTED:
		return "done"
	case proto.BecomeChanged_REFUSED:
		return "password refused"
	default:
		return "failed"
	}
}

func viaText(via proto.HostConnected_Via) string {
	switch via {
	case proto.HostConnected_LOCAL:
		return "in this process"
	case proto.HostConnected_AGENT:
		return "persistent agent"
	case proto.HostConnected_SSH_WARM:
		return "SSH, agent was there"
	case proto.HostConnected_SSH_COLD:
		return "SSH, agent was copied"
	default:
		return "way unknown"
	}
}

// taskFinishedText leaves out the last lines of stderr, which are in the log already.
func taskFinishedText(f *proto.TaskFinished) string {
	var text strings.Builder
	text.WriteString(strings.ToLower(f.GetOutcome().String()) + after(f.GetDuration().AsDuration()))
	if f.GetIgnored() {
		text.WriteString(", ignored")
	}
	// When a message gives the reason, the end of the last command may be unrelated.
	switch {
	case f.GetMessage() != "":
		text.WriteString(": " + f.GetMessage())
	case f.GetSignal() != "":
		text.WriteString(", " + f.GetSignal())
	case f.GetExitCode() != 0:
		fmt.Fprintf(&text, ", exit code %d", f.GetExitCode())
	}
	if f.GetTraceback() != "" {
		text.WriteString("\n" + f.GetTraceback())
	}
	return text.String()
}

func failureText(f *proto.Failure) string {
	if f == nil {
		return ""
	}
	text := ": " + proto.FaultStage(f.GetStage()).String() + ": " + f.GetReason()
	if f.GetHint() != "" {
		text += "\nhint: " + f.GetHint()
	}
	return text
}

func after(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return " after " + d.Round(time.Millisecond).String()
}
