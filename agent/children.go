package agent

import (
	"context"
	"io"

	"sloth-runner/agent/process"
	"sloth-runner/internal/abandon"
	"sloth-runner/plan"
	"sloth-runner/proto"
)

// Children run those tasks of a session that run as other users. Each user has a child agent.
type Children interface {
	// Run runs a task and returns its result. It is called for one task at a time.
	Run(ctx context.Context, task *proto.Task) *proto.TaskFinished
	// Answer passes on the operator's answer to a password request. It is safe for concurrent use.
	Answer(password *proto.Password)
	// Close ends the child agents and waits for them. It returns how many processes that tasks had left running were
	// stopped. It may be called more than once.
	Close() (stopped int)
}

// Parent is what a session provides to its Children.
type Parent struct {
	// Start is the run, with all its tasks.
	Start *proto.Start
	// Caller makes the system calls that may never return.
	Caller *abandon.Caller
	// Emit sends an event with the session's next number.
	Emit func(*proto.Event)
	// Unseen is a warning for the log of a task that has started; "": none.
	Unseen func(task *proto.Task) string
	// Settled returns the tasks that have ended or will never begin.
	Settled func() []plan.TaskRef
	// Files serves the Files call of a child agent, whose stream ends with ctx.
	Files func(ctx context.Context, stream proto.FilesCall) error
	// Input writes the run's standard input to that of a task, see input.feed; nil: the run has none.
	Input func(to io.WriteCloser, stop <-chan struct{}) error
}

// newChildren returns the Children of the session. Without a constructor they are noChildren.
func (s *session) newChildren(newChildren func(Parent) Children) Children {
	if newChildren == nil {
		return noChildren{}
	}
	parent := Parent{Start: s.start, Caller: s.caller, Emit: s.emitIgnoringGone, Unseen: s.views.unseen, Settled: s.queue.settledNames, Files: s.files.relay}
	if s.input != nil {
		parent.Input = s.input.feed
	}
	return newChildren(parent)
}

// noChildren are the Children of an agent that does not run tasks as other users.
type noChildren struct{}

func (noChildren) Run(context.Context, *proto.Task) *proto.TaskFinished {
	return &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: "this agent runs tasks as its own user only"}
}

func (noChildren) Answer(*proto.Password) {}

func (noChildren) Close() int { return 0 }

// RunsAsOther reports whether a task must run as another user than the one that runs this agent.
func RunsAsOther(task *proto.Task) bool {
	become := task.GetBecome()
	return become != nil && become.GetUser() != process.AccountName()
}
