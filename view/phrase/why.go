package phrase

import (
	"fmt"
	"strings"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
)

// ReasonWidth is the most that a reason takes, in cells. The record has all of it.
const ReasonWidth = 200

// FailureWidth is the same for why a host failed, where it stands in lines of its own: all the places that were tried on a
// host are read in full.
const FailureWidth = 5 * ReasonWidth

// Detail says in one line what became of a host, and why, and what else is to be known of it.
func Detail(r *state.Run, host *state.Host) string {
	text := became(r, host)
	if host.Remark != "" {
		text += "; " + layout.Bounded(FirstLine(host.Remark), ReasonWidth)
	}
	return text
}

func became(r *state.Run, host *state.Host) string {
	switch host.State {
	case state.Success:
		return succeeded(r, host)
	case state.Failed:
		return failedWhy(r, host)
	case state.Unreachable:
		return FailureText(host.Failure)
	case state.Lost:
		return lostWhy(r, host)
	case state.Skipped:
		return skippedWhy(host)
	case state.Cancelled:
		return FirstOf(reasonOf(host.Failure), "interrupted")
	case state.Running:
		return FirstOf(unknownOutcome(r, host), "not known how it ended")
	default:
		return "not started"
	}
}

// succeeded says it, and which failures were ignored.
func succeeded(r *state.Run, host *state.Host) string {
	text := "Completed successfully"
	for _, task := range host.Tasks {
		if task.State == state.Ignored {
			text += "; ignored: task '" + TaskName(r, task.Job.TaskRef) + "': " + TaskWhy(task.Finished)
		}
	}
	return layout.Bounded(text, FailureWidth)
}

// failedWhy names the first task that failed and its reason; or what kept the host from running its tasks.
func failedWhy(r *state.Run, host *state.Host) string {
	failed := FailedTasks(host)
	if len(failed) == 0 {
		return FailureText(host.Failure)
	}
	return FirstFailed(r, host) + ": " + TaskWhy(failed[0].Finished) + AndMore(host) + skippedAfter(host)
}

func skippedTasks(host *state.Host) int {
	n := 0
	for _, task := range host.Tasks {
		if task.Finished.GetOutcome() == proto.TaskFinished_SKIPPED {
			n++
		}
	}
	return n
}

func FailedTasks(host *state.Host) []*state.Task {
	var failed []*state.Task
	for _, task := range host.Tasks {
		if task.State == state.Failed {
			failed = append(failed, task)
		}
	}
	return failed
}

// TaskWhy is what the task said about its end. How a command ended, and the last line of its stderr, are part of it only
// where that is the end of the task too: a function that says why it failed may have run others that failed by the way.
func TaskWhy(finished *proto.TaskFinished) string {
	message, how := layout.Bounded(FirstLine(finished.GetMessage()), ReasonWidth), ending(finished)
	// Others say "exit status".
	if !strings.Contains(strings.ReplaceAll(message, "status", "code"), how) {
		if message != "" {
			return message
		}
		message = how
	}
	if last := LastLines(finished.GetStderrTail(), 1); len(last) == 1 {
		if line := layout.Bounded(last[0], ReasonWidth); !strings.Contains(message, line) {
			message = strings.TrimPrefix(message+": "+line, ": ")
		}
	}
	return FirstOf(message, "no reason given")
}

// ending is how the command that decided the outcome ended: "exit code 3", "SIGKILL", or "".
func ending(finished *proto.TaskFinished) string {
	switch {
	case finished.GetSignal() != "":
		return layout.Bounded(finished.GetSignal(), NameWidth)
	case finished.GetExitCode() != 0:
		return fmt.Sprintf("exit code %d", finished.GetExitCode())
	}
	return ""
}

func lostWhy(r *state.Run, host *state.Host) string {
	reason := FirstOf(reasonOf(host.Failure), "the link broke")
	if unknown := unknownOutcome(r, host); unknown != "" {
		return reason + "; " + unknown
	}
	return reason
}

// unknownOutcome names the tasks that were started and whose end was not reported; "": there is none.
func unknownOutcome(r *state.Run, host *state.Host) string {
	var names []string
	for _, task := range host.Tasks {
		if task.IsUncertain() {
			names = append(names, "'"+TaskName(r, task.Job.TaskRef)+"'")
		}
	}
	if len(names) == 0 {
		return ""
	}
	return layout.Bounded("outcome of task "+strings.Join(names, ", ")+" unknown", ReasonWidth)
}

func skippedWhy(host *state.Host) string {
	if reason := reasonOf(host.Failure); reason != "" {
		return reason
	}
	for _, task := range host.Tasks {
		if message := task.Finished.GetMessage(); message != "" {
			return layout.Bounded(FirstLine(message), ReasonWidth)
		}
	}
	return "what it depends on did not succeed"
}

// FailureText is the stage and the reason: "connect: connection refused".
func FailureText(failure *proto.Failure) string {
	reason := FirstOf(reasonOf(failure), "no reason given")
	if failure.GetStage() == proto.Failure_UNKNOWN {
		return reason
	}
	return proto.FaultStage(failure.GetStage()).String() + ": " + reason
}

func reasonOf(failure *proto.Failure) string {
	return layout.Bounded(failure.GetReason(), FailureWidth)
}

func FirstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func FirstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// LastLines returns at most n lines from the end of text, without empty ones.
func LastLines(text []byte, n int) []string {
	var lines []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, " \t\r\n"); line != "" {
			lines = append(lines, line)
		}
	}
	return lines[max(0, len(lines)-n):]
}

// EndingOfHost is how the only task of a host ended, without what it printed; or what became of the host else.
func EndingOfHost(r *state.Run, host *state.Host) string {
	if failed := FailedTasks(host); host.State == state.Failed && len(failed) == 1 {
		finished := failed[0].Finished
		return TaskWhy(&proto.TaskFinished{
			Message: finished.GetMessage(), ExitCode: finished.ExitCode, Signal: finished.GetSignal(),
		})
	}
	return Detail(r, host)
}
