package state

import (
	"bytes"
	"math"
	"strings"
	"time"

	"sloth-runner/proto"
)

// Task is the state of one task on one host.
type Task struct {
	// Job is the task, with all its hosts.
	Job   *Job
	State State
	// Started and Ended are the times of the events; zero: there was none. A task that has ended may not have been
	// started.
	Started, Ended time.Time
	// Attempts is how many times it was started.
	Attempts int
	// Changed is how many changes it made while it ran, or would have made in a dry run.
	Changed int
	// Finished is how it ended; nil: not reported. Each of its texts is at most 4 KiB: of stderr the end, of the others
	// the beginning. After a success there is no stderr.
	Finished *proto.TaskFinished
}

// IsUncertain reports whether the task was started and its outcome is unknown.
func (t *Task) IsUncertain() bool {
	return t.Finished == nil && t.Attempts > 0 || t.Finished.GetOutcome() == proto.TaskFinished_LOST
}

// isNews reports whether the task has had no event so far.
func (t *Task) isNews() bool { return t.Attempts == 0 && t.Finished == nil }

// begin records a start of the task.
func (t *Task) begin(at time.Time) {
	if t.Attempts == 0 {
		t.Started = at
	}
	t.State = Running
	t.Attempts++
}

// end records how the task ended.
func (t *Task) end(at time.Time, finished *proto.TaskFinished) {
	t.State, t.Ended, t.Finished = endOfTask(finished), at, boundedEnd(finished)
	// The runner has set it to the changes that it saw. A record may have fewer of them: see journal.LimitLogs.
	t.Changed = int(min(finished.GetChanged(), mostChanges))
}

// mostChanges is how far the changes of a task are counted.
const mostChanges = math.MaxInt32

// mostText is how many bytes of each text are kept.
const mostText = 4 << 10

// boundedEnd returns a copy of a task's end with bounded texts, or the original when it is small.
func boundedEnd(finished *proto.TaskFinished) *proto.TaskFinished {
	tail := finished.GetStderrTail()
	success := finished.GetOutcome() == proto.TaskFinished_SUCCESS
	longest := max(len(finished.GetMessage()), len(finished.GetSignal()), len(finished.GetTraceback()), len(tail))
	if longest <= mostText && !(success && len(tail) > 0) && len(finished.ProtoReflect().GetUnknown()) == 0 {
		return finished
	}
	kept := &proto.TaskFinished{
		Outcome:   finished.GetOutcome(),
		Message:   beginning(finished.GetMessage()),
		ExitCode:  finished.ExitCode,
		Signal:    beginning(finished.GetSignal()),
		Traceback: beginning(finished.GetTraceback()),
		Duration:  finished.GetDuration(),
		Ignored:   finished.GetIgnored(),
		Changed:   finished.GetChanged(),
	}
	if !success {
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
