package agent

import (
	"context"
	"io"
	"os"
	"os/user"

	"sloth-runner/internal/abandon"
	"sloth-runner/plan"
	"sloth-runner/proto"
)

// Children run the tasks of a session that run as other users, each by an agent of that user.
type Children interface {
	// Run runs a task and returns how it ended. It is called for one task at a time.
	Run(ctx context.Context, task *proto.Task) *proto.TaskFinished
	// Answer takes the operator's answer to a question for a password. It may be called at any time.
	Answer(password *proto.Password)
	// Close ends the child agents, waits for them, and returns how many processes were stopped that tasks had left. It may be
	// called more than once.
	Close() (stopped int)
}

// Parent is what a session offers to its Children.
type Parent struct {
	// Start is the run, with all its tasks.
	Start *proto.Start
	// Caller makes the calls into the system that may never come back.
	Caller *abandon.Caller
	// Emit sends an event with the session's next number.
	Emit func(*proto.Event)
	// Settled returns the tasks that have come to their end, or never will begin.
	Settled func() []plan.TaskRef
	// Input writes the run's standard input to a task's, see input.feed; nil: the run has none.
	Input func(to io.WriteCloser, stop <-chan struct{}) error
}

// newChildren is what runs the tasks of other users.
func (s *session) newChildren(newChildren func(Parent) Children) Children {
	if newChildren == nil {
		return noChildren{}
	}
	parent := Parent{Start: s.start, Caller: s.caller, Emit: s.emitIgnoringGone, Settled: s.queue.settledNames}
	if s.input != nil {
		parent.Input = s.input.feed
	}
	return newChildren(parent)
}

// noChildren are those of an agent that becomes no other user.
type noChildren struct{}

func (noChildren) Run(context.Context, *proto.Task) *proto.TaskFinished {
	return &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: "this agent runs tasks as its own user only"}
}

func (noChildren) Answer(*proto.Password) {}

func (noChildren) Close() int { return 0 }

// RunsAsOther reports whether a task is to run as another user than the one that runs this agent.
func RunsAsOther(task *proto.Task) bool {
	become := task.GetBecome()
	return become != nil && become.GetUser() != AccountName()
}

// AccountName is the name of this process's account; "": it has none.
func AccountName() string {
	if os.Geteuid() == 0 {
		return "root"
	}
	self, err := user.Current()
	if err != nil {
		return ""
	}
	return self.Username
}
