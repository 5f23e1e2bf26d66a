package runner

import (
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
)

// maxName is how much of a name that only an agent knows is shown, in bytes.
const maxName = 200

// maxReports is how many reports one setup may make.
const maxReports = 16

// errDeputy is why an agent that has said all knows not all.
var errDeputy = errors.New("what ran tasks as another user has ended")

// ledger is a host's tasks: what it is sent, and what it has said of them. Only the host's goroutine uses it.
type ledger struct {
	start    *proto.Start
	plan     []plan.TaskRef // those of this host
	here     map[plan.TaskRef]bool
	started  map[plan.TaskRef]bool
	outcomes map[plan.TaskRef]proto.TaskFinished_Outcome
	// ended says that a failure has ended the host's work, but for tasks that run always.
	ended bool
	// released are the gated tasks whose barrier was opened or, if false, shut.
	released map[plan.TaskRef]bool
	gated    map[plan.TaskRef]bool
	needs    map[plan.TaskRef][]plan.TaskRef
	// tasks are those of the host, as they are sent.
	tasks map[plan.TaskRef]*proto.Task
	// become is as whom the tasks run, where it is not who is logged in; accounts are what may come of them yet.
	become   map[plan.TaskRef]*proto.Become
	accounts map[becomeStep]bool
	// setups are what the agent itself is to do.
	setups map[plan.TaskRef]*proto.Setup
	// reports counts what was said of each.
	reports map[plan.TaskRef]int
	// timeout is the limit of each task that has one.
	timeout map[plan.TaskRef]time.Duration
}

// becomeStep is a step on the way to an account.
type becomeStep struct {
	user, method string
	step         proto.BecomeChanged_Step
}

func newLedger(c *Config, b *barriers, target *inventory.Target) *ledger {
	host := target.Name
	l := &ledger{
		here: map[plan.TaskRef]bool{}, started: map[plan.TaskRef]bool{}, outcomes: map[plan.TaskRef]proto.TaskFinished_Outcome{},
		released: map[plan.TaskRef]bool{}, gated: map[plan.TaskRef]bool{}, needs: b.needs,
		become: map[plan.TaskRef]*proto.Become{}, accounts: map[becomeStep]bool{},
		setups: map[plan.TaskRef]*proto.Setup{}, timeout: map[plan.TaskRef]time.Duration{}, reports: map[plan.TaskRef]int{},
		tasks: map[plan.TaskRef]*proto.Task{},
		start: &proto.Start{Protocol: proto.ProtocolVersion, RunId: c.ID, Host: host, File: c.Plan.File},
	}
	if c.Timeout > 0 {
		l.start.Timeout = durationpb.New(c.Timeout)
	}
	for _, job := range c.Jobs {
		id := plan.Ref(job.Group.Name, job.Task.Name)
		if b.on[id][host] {
			l.plan = append(l.plan, id)
			l.here[id] = true
			if isFunction(job.Task) {
				l.start.Source = c.Plan.Source
			}
			l.gated[id] = b.gated(id, host)
			l.becomes(id, c.becomes(&job, target))
			if setup := job.Setup[host]; setup != nil {
				l.setups[id] = setup
			}
		}
	}
	// All tasks of the file, not only those of the run: the host finds them all.
	for _, group := range c.Plan.Groups {
		for _, task := range group.Tasks {
			id := plan.Ref(group.Name, task.Name)
			sent := &proto.Task{
				Group: group.Name, Name: task.Name, DependsOn: task.DependsOn,
				Here: l.here[id], Gated: l.gated[id],
				Become: l.become[id], Setup: l.setups[id],
				IgnoreErrors: task.IgnoreErrors, Always: task.Always, KeepGoing: c.KeepGoing || group.KeepGoing,
				Stdin: c.Stdin != nil && l.here[id],
			}
			setAction(sent, task.Action)
			if task.Timeout > 0 {
				sent.Timeout = durationpb.New(task.Timeout)
				l.timeout[id] = task.Timeout
			}
			l.start.Tasks = append(l.start.Tasks, sent)
			l.tasks[id] = sent
		}
	}
	return l
}

// becomes notes as whom a task runs. The agent may tell each step to that account once.
func (l *ledger) becomes(id plan.TaskRef, become *proto.Become) {
	if become == nil {
		return
	}
	l.become[id] = become
	for step := range proto.BecomeChanged_Step_name {
		l.accounts[becomeStep{become.GetUser(), become.GetMethod(), proto.BecomeChanged_Step(step)}] = true
	}
}

// check notes what the agent says, and refuses what an agent may not say: events of other hosts' tasks or of the run.
func (l *ledger) check(event *proto.Event) error {
	id := plan.Ref(event.GetGroup(), event.GetTask())
	switch kind := event.GetKind().(type) {
	case *proto.Event_Done:
		if len(l.unsettled()) > 0 && kind.Done.GetFailure() == nil {
			return fmt.Errorf("the agent ended the run without a word about task %q", l.unsettled()[0].Task)
		}
		return nil
	case *proto.Event_TaskStarted:
		if l.here[id] && !l.started[id] {
			l.started[id] = true
			return nil
		}
	case *proto.Event_TaskFinished:
		if _, settled := l.outcomes[id]; l.here[id] && !settled {
			// What is ignored is the operator's to say.
			kind.TaskFinished.Ignored = kind.TaskFinished.GetIgnored() && l.tasks[id].GetIgnoreErrors() &&
				kind.TaskFinished.GetOutcome() == proto.TaskFinished_FAILED
			l.settle(id, effect(kind.TaskFinished))
			return nil
		}
	case *proto.Event_BecomeChanged:
		become := kind.BecomeChanged.GetBecome()
		step := becomeStep{become.GetUser(), become.GetMethod(), kind.BecomeChanged.GetStep()}
		if l.accounts[step] {
			l.accounts[step] = false
			return nil
		}
	case *proto.Event_SetupReport:
		if l.started[id] && kind.SetupReport.GetName() == l.setups[id].GetName() && l.reports[id] < maxReports {
			l.reports[id]++
			return nil
		}
	case *proto.Event_Output, *proto.Event_Log:
		if l.started[id] {
			return nil
		}
	}
	return fmt.Errorf("the agent sent an event that is not its to send, about task %q", fault.Bound(event.GetTask(), maxName))
}

func (l *ledger) settle(id plan.TaskRef, outcome proto.TaskFinished_Outcome) {
	l.outcomes[id] = outcome
	failed := outcome == proto.TaskFinished_FAILED || outcome == proto.TaskFinished_LOST
	l.ended = l.ended || failed && !l.tasks[id].GetKeepGoing()
}

// effect is the outcome of a task for all that comes after it.
func effect(finished *proto.TaskFinished) proto.TaskFinished_Outcome {
	if finished.GetIgnored() {
		return proto.TaskFinished_SUCCESS
	}
	return finished.GetOutcome()
}

func (l *ledger) unsettled() []plan.TaskRef {
	var left []plan.TaskRef
	for _, id := range l.plan {
		if _, settled := l.outcomes[id]; !settled {
			left = append(left, id)
		}
	}
	return left
}

// allSettled reports whether the agent has said of each task what became of it.
func (l *ledger) allSettled() bool { return len(l.outcomes) == len(l.plan) }

// mayHaveRun reports whether the agent could have started a task of which it said nothing: nothing that it knew of kept
// it from that.
func (l *ledger) mayHaveRun(id plan.TaskRef) bool {
	if l.gated[id] && !l.released[id] {
		return false
	}
	always := l.tasks[id].GetAlways()
	if !always && l.ended {
		return false
	}
	for _, need := range l.needs[id] {
		outcome, settled := l.outcomes[need]
		if l.here[need] && (settled && !always && outcome != proto.TaskFinished_SUCCESS || !settled && !l.mayHaveRun(need)) {
			return false
		}
	}
	return true
}

// finished is the end of a host whose agent has said all.
func (l *ledger) finished(done *proto.Done) *proto.HostFinished {
	finished := &proto.HostFinished{State: proto.HostFinished_SUCCESS, Failure: done.GetFailure()}
	count := map[proto.TaskFinished_Outcome]int{}
	for _, outcome := range l.outcomes {
		count[outcome]++
	}
	switch {
	case done.GetFailure() != nil:
		finished.State = proto.HostFinished_FAILED
	case count[proto.TaskFinished_LOST] > 0:
		finished.State, finished.Failure = proto.HostFinished_LOST, proto.FailureOf(errDeputy, fault.Lost)
	case count[proto.TaskFinished_SUCCESS] == len(l.plan):
	case count[proto.TaskFinished_CANCELLED] > 0 && count[proto.TaskFinished_FAILED] == 0:
		finished.State = proto.HostFinished_CANCELLED
	case count[proto.TaskFinished_SUCCESS]+count[proto.TaskFinished_SKIPPED] == len(l.plan):
		finished.State = proto.HostFinished_SKIPPED
	default:
		finished.State = proto.HostFinished_FAILED
	}
	return finished
}
