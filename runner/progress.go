package runner

import (
	"errors"
	"fmt"

	"sloth-runner/internal/fault"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// maxName is how many bytes of a name are shown that only the agent knows.
const maxName = 200

// maxReports is the number of reports that one setup may send.
const maxReports = 16

// errChildAgent is the error of an agent that has ended and does not know how all tasks ended.
var errChildAgent = errors.New("what ran tasks as another user has ended")

// progress is the state of a host by what its agent has reported. It decides which events the agent may still send. Only
// the host's goroutine uses it.
type progress struct {
	dispatcher *dispatcher
	host       *state.Host
	// ended: a failure has ended the host's work, except for tasks that run always.
	ended bool
	// released has the verdicts that were sent for tasks with a barrier: true, it may start; false, it is skipped.
	released map[plan.TaskRef]bool
	// accounts are the steps of become that the agent may still report.
	accounts map[becomeStep]bool
	// reports counts the reports of each setup.
	reports map[plan.TaskRef]int
}

// becomeStep is a step in becoming another user.
type becomeStep struct {
	user, method string
	step         proto.BecomeChanged_Step
}

// newProgress returns the progress of a host that gets start. The agent may report each step of an account once.
func newProgress(h *host, start *proto.Start) *progress {
	p := &progress{
		dispatcher: h.dispatcher, host: h.state.Fresh(),
		released: map[plan.TaskRef]bool{}, accounts: map[becomeStep]bool{}, reports: map[plan.TaskRef]int{},
	}
	for _, task := range start.GetTasks() {
		if become := task.GetBecome(); become != nil {
			for step := range proto.BecomeChanged_Step_name {
				p.accounts[becomeStep{become.GetUser(), become.GetMethod(), proto.BecomeChanged_Step(step)}] = true
			}
		}
	}
	return p
}

// check records an event of the agent. It returns an error for an event that an agent may not send: those of other hosts'
// tasks, or of the run.
func (p *progress) check(event *proto.Event) error {
	if done := event.GetDone(); done != nil {
		if left := p.unsettled(); len(left) > 0 && done.GetFailure() == nil {
			return fmt.Errorf("the agent ended the run without a word about task %q", left[0].Job.Task)
		}
		return nil
	}
	if !p.allows(event) {
		return fmt.Errorf("the agent sent an event that is not its to send, about task %q", fault.Bound(event.GetTask(), maxName))
	}
	return nil
}

// allows reports whether the agent may send the event, and records it.
func (p *progress) allows(event *proto.Event) bool {
	task := p.host.Task(event.Ref())
	switch kind := event.GetKind().(type) {
	case *proto.Event_TaskStarted:
		return task != nil && task.State == state.Pending && p.note(event)
	case *proto.Event_TaskFinished:
		return task != nil && !task.State.IsFinal() && p.finish(task, event, kind.TaskFinished)
	case *proto.Event_BecomeChanged:
		become := kind.BecomeChanged.GetBecome()
		step := becomeStep{become.GetUser(), become.GetMethod(), kind.BecomeChanged.GetStep()}
		allowed := p.accounts[step]
		delete(p.accounts, step)
		return allowed
	case *proto.Event_SetupReport:
		return p.allowsReport(task, kind.SetupReport)
	case *proto.Event_Change:
		return task != nil && task.Attempts > 0 && p.note(event)
	case *proto.Event_Output, *proto.Event_Log:
		return task != nil && task.Attempts > 0
	}
	return false
}

func (p *progress) allowsReport(task *state.Task, report *proto.SetupReport) bool {
	if task == nil || task.Attempts == 0 {
		return false
	}
	id := task.Job.TaskRef
	p.reports[id]++
	return report.GetName() == p.dispatcher.jobs[id].Setup[p.host.Name].GetName() && p.reports[id] <= maxReports
}

func (p *progress) note(event *proto.Event) bool {
	p.host.Apply(event, func(*state.Task, state.State) {})
	return true
}

// finish records the end of a task. Whether a failure is ignored is decided by the plan, not by the agent. How much the
// task changed is what its events said: a number without them would be one that nothing shows.
func (p *progress) finish(task *state.Task, event *proto.Event, finished *proto.TaskFinished) bool {
	job := p.dispatcher.jobs[task.Job.TaskRef]
	finished.Changed = uint32(task.Changed)
	finished.Ignored = finished.GetIgnored() && job.Task.IgnoreErrors && finished.GetOutcome() == proto.TaskFinished_FAILED
	p.note(event)
	// An outcome that this program does not know counts as failed, but what the agent did after it is not known.
	ends := task.State == state.Lost || task.State == state.Failed && finished.GetOutcome() == proto.TaskFinished_FAILED
	p.ended = p.ended || ends && !p.dispatcher.config.KeepGoing && !job.Group.KeepGoing
	return true
}

// unsettled returns the tasks without a final state.
func (p *progress) unsettled() []*state.Task {
	if p.allSettled() {
		return nil
	}
	var left []*state.Task
	for i := range p.host.Given {
		if task := &p.host.Given[i]; !task.State.IsFinal() {
			left = append(left, task)
		}
	}
	return left
}

// allSettled reports whether the agent has reported the end of each task.
func (p *progress) allSettled() bool { return p.host.Count(state.Pending, state.Running) == 0 }

// mayHaveRun reports whether the agent could have started a task that it reported nothing about: nothing that the agent
// knew prevented it. Results are kept in known, because there can be many more paths through the dependencies than tasks.
func (p *progress) mayHaveRun(task *state.Task, known map[plan.TaskRef]bool) bool {
	id := task.Job.TaskRef
	answer, found := known[id]
	if !found {
		answer = p.wasFree(task, known)
		known[id] = answer
	}
	return answer
}

func (p *progress) wasFree(task *state.Task, known map[plan.TaskRef]bool) bool {
	id := task.Job.TaskRef
	if p.dispatcher.barriers.gated(id, p.host.Name) && !p.released[id] {
		return false
	}
	always := p.dispatcher.jobs[id].Task.Always
	if !always && p.ended {
		return false
	}
	for _, need := range p.dispatcher.barriers.needs[id] {
		own := p.host.Task(need)
		switch {
		case own == nil:
		case !own.State.IsFinal():
			if !p.mayHaveRun(own, known) {
				return false
			}
		case !always && !own.State.Succeeded():
			return false
		}
	}
	return true
}

// finished is the result of a host whose agent has sent Done.
func (p *progress) finished(done *proto.Done) *proto.HostFinished {
	finished := &proto.HostFinished{State: proto.HostFinished_SUCCESS, Failure: done.GetFailure()}
	host, tasks := p.host, len(p.host.Given)
	succeeded := host.Count(state.Success, state.Ignored)
	switch {
	case done.GetFailure() != nil:
		finished.State = proto.HostFinished_FAILED
	case host.Count(state.Lost) > 0:
		finished.State, finished.Failure = proto.HostFinished_LOST, proto.FailureOf(errChildAgent, fault.Lost)
	case succeeded == tasks:
	case host.Count(state.Cancelled) > 0 && host.Count(state.Failed) == 0:
		finished.State = proto.HostFinished_CANCELLED
	case succeeded+host.Count(state.Skipped) == tasks:
		finished.State = proto.HostFinished_SKIPPED
	default:
		finished.State = proto.HostFinished_FAILED
	}
	return finished
}
