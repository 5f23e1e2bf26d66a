package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sloth-runner/agent/process"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/sloth"
)

// TaskTimeout is the cause of a context that ended because a task exceeded its time limit.
type TaskTimeout struct{ Limit time.Duration }

func (t TaskTimeout) Error() string { return fmt.Sprintf("timed out after %v", t.Limit) }

// runTask runs one task and sends its result.
func (s *session) runTask(ctx context.Context, machine *sloth.Machine, host *taskHost, queued *queuedTask) {
	if RunsAsOther(queued.task) {
		began := time.Now()
		finished := s.children.Run(ctx, queued.task)
		s.views.note(queued.task, finished.GetChanged())
		s.end(ctx, queued, began, finished)
		return
	}
	if limit := queued.task.GetTimeout().AsDuration(); limit > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeoutCause(ctx, limit, TaskTimeout{limit})
		defer stop()
	}
	began := time.Now()
	s.emitTask(queued.task, &proto.Event{Kind: &proto.Event_TaskStarted{TaskStarted: &proto.TaskStarted{}}})
	host.begin(queued.task)
	s.last = queued.task
	if unseen := s.views.unseen(queued.task); unseen != "" {
		s.warn(queued.task, unseen)
	}
	finished := s.outcome(ctx, machine, host, queued.task)
	finished.Changed = host.changes()
	s.views.note(queued.task, finished.GetChanged())
	s.end(ctx, queued, began, finished)
}

// outcome runs the action of a task. A panic ends only the task: the agent may have runs of other operators.
func (s *session) outcome(ctx context.Context, machine *sloth.Machine, host *taskHost, task *proto.Task) (finished *proto.TaskFinished) {
	defer func() {
		if recover() != nil {
			finished = &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: "internal error of the agent: please report it, together with the file"}
		}
	}()
	switch {
	case task.Call != nil:
		return called(sloth.Call(ctx, host, task.GetCall().GetFunction(), task.GetCall().GetArguments()))
	case s.start.GetDryRun() && !isFunction(task):
		return &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS, Message: "would " + deed(task)}
	case task.Setup != nil:
		return s.setUp(ctx, task)
	case task.Script != nil:
		return command(host.Script(ctx, task.GetScript()))
	case len(task.GetArgv()) > 0:
		return command(host.Argv(ctx, texts(task.GetArgv())))
	case task.Shell != nil:
		return command(host.Shell(ctx, task.GetShell()))
	default:
		return runFunction(ctx, machine, task)
	}
}

// command returns the result of a task that is one command.
func command(result sloth.ExecResult, err error) *proto.TaskFinished {
	if err != nil {
		return &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: fault.WithHint(err)}
	}
	if result.ExitCode == 0 {
		return &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS}
	}
	finished := &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: endOf(result)}
	describe(finished, result)
	return finished
}

// called returns the result of a task that is a call of a function.
func called(message string, err error) *proto.TaskFinished {
	if err != nil {
		return &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: fault.WithHint(err)}
	}
	return &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS, Message: message}
}

func runFunction(ctx context.Context, machine *sloth.Machine, task *proto.Task) *proto.TaskFinished {
	result := machine.Run(ctx, task.GetGroup(), task.GetName())
	finished := &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS, Message: result.Message}
	if !result.OK {
		finished.Outcome, finished.Traceback = proto.TaskFinished_FAILED, result.Traceback
		if result.LastFailed != nil {
			describe(finished, *result.LastFailed)
		}
	}
	return finished
}

// Interrupted changes the result of a task that was interrupted.
func Interrupted(ctx context.Context, finished *proto.TaskFinished) {
	cause := context.Cause(ctx)
	finished.Outcome, finished.Message, finished.Traceback = proto.TaskFinished_FAILED, cause.Error(), ""
	if c, ok := errors.AsType[cancelled](cause); ok {
		finished.Outcome, finished.Message = proto.TaskFinished_CANCELLED, c.reason
	} else if errors.Is(cause, context.Canceled) {
		finished.Outcome, finished.Message = proto.TaskFinished_CANCELLED, "the operator went away"
	}
}

// describe adds how a command ended.
func describe(finished *proto.TaskFinished, result sloth.ExecResult) {
	code := int32(result.ExitCode)
	finished.ExitCode, finished.Signal = &code, result.Signal
	finished.StderrTail = tail(result.StderrTail)
}

// tail returns the last whole lines of text, up to process.TailSize.
func tail(text []byte) []byte {
	text = bytes.TrimRight(text, "\r\n")
	if len(text) <= process.TailSize {
		return text
	}
	text = text[len(text)-process.TailSize:]
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		text = text[i+1:]
	}
	return text
}

func endOf(result sloth.ExecResult) string {
	if result.Signal != "" {
		return "killed by " + strings.TrimSpace(result.Signal)
	}
	return fmt.Sprintf("exit status %d", result.ExitCode)
}
