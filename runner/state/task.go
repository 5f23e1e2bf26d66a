package state

import (
	"bytes"
	"strings"

	"sloth-runner/proto"
)

// Task is what is known of one task on one host.
type Task struct {
	Group, Name string
	// Finished is nil while the task runs. Each of its texts is at most 4 KiB, the end of stderr and the beginning of
	// the others; of a success there is no stderr.
	Finished *proto.TaskFinished
}

// mostText is the most that is kept of each text of a task's end, in bytes.
const mostText = 4 << 10

// bounded returns what is kept of a task's end.
func bounded(finished *proto.TaskFinished) *proto.TaskFinished {
	kept := &proto.TaskFinished{
		Outcome:   finished.GetOutcome(),
		Message:   beginning(finished.GetMessage()),
		ExitCode:  finished.ExitCode,
		Signal:    beginning(finished.GetSignal()),
		Traceback: beginning(finished.GetTraceback()),
		Duration:  finished.GetDuration(),
		Ignored:   finished.GetIgnored(),
	}
	if tail := finished.GetStderrTail(); kept.Outcome != proto.TaskFinished_SUCCESS {
		kept.StderrTail = bytes.Clone(tail[max(0, len(tail)-mostText):])
	}
	return kept
}

func beginning(text string) string {
	if len(text) <= mostText {
		return text
	}
	return strings.Clone(strings.ToValidUTF8(text[:mostText], ""))
}
