package runner

import (
	"bytes"
	"strings"
	"time"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// State is where a host is in its run.
type State string

// The states. The last six are final.
const (
	Pending     State = "pending"
	Connecting  State = "connecting"
	Running     State = "running"
	Success     State = "success"
	Failed      State = "failed"
	Unreachable State = "unreachable"
	Lost        State = "lost"
	Skipped     State = "skipped"
	Cancelled   State = "cancelled"
)

// States are all states, in the order in which a host goes through them.
var States = [...]State{Pending, Connecting, Running, Success, Failed, Unreachable, Lost, Skipped, Cancelled}

// Result is what is known of a run: the sum of its events. It is itself a Sink; the zero value is a run of which
// nothing is known yet. Its size depends on the hosts and tasks of the run only, whatever a host says: it keeps no
// output, of a task's end what is said at TaskResult, and nothing of tasks that the host was not given. Not safe for
// concurrent use.
type Result struct {
	ID, File string
	Started  time.Time
	// Invocation is what began the run; nil: not known.
	Invocation *proto.Invocation
	Tasks      []*proto.RunTask
	// SeveralGroups says that not all tasks are of one group, so that a task's name alone does not tell which it is.
	SeveralGroups bool
	// Hosts are in the order in which they were given.
	Hosts []*HostResult
	// Finished is set when the run came to its end; a record without it was cut off.
	Finished    bool
	Interrupted bool
	ExitStatus  int
	Duration    time.Duration

	byName map[string]*HostResult
}

// HostResult is what is known of one host.
type HostResult struct {
	Name, Address string
	// SSH says that it is reached over SSH.
	SSH   bool
	State State
	Via   proto.HostConnected_Via
	// Failure says why, when it is not a task's own failure.
	Failure *proto.Failure
	// Sent and Total are bytes of the agent that is being copied; 0 and 0 when none is.
	Sent, Total int64
	// Remark is what lasting Notices said of the host, at most 4 KiB; "": there was none.
	Remark string
	// Tasks are those that were started or settled, in that order.
	Tasks    []*TaskResult
	Duration time.Duration

	// given are the tasks that the host was given; nil: not yet started or settled.
	given map[plan.TaskRef]*TaskResult
}

// TaskResult is what is known of one task on one host.
type TaskResult struct {
	Group, Name string
	// Finished is nil while the task runs. Each of its texts is at most 4 KiB, the end of stderr and the beginning of
	// the others; of a success there is no stderr.
	Finished *proto.TaskFinished
}

// Event adds what happened.
func (r *Result) Event(e *proto.Event) {
	switch kind := e.GetKind().(type) {
	case *proto.Event_RunStarted:
		r.start(e, kind.RunStarted)
	case *proto.Event_RunFinished:
		r.Finished = true
		r.Interrupted = kind.RunFinished.GetInterrupted()
		r.ExitStatus = int(kind.RunFinished.GetExitStatus())
		r.Duration = kind.RunFinished.GetDuration().AsDuration()
	default:
		if host := r.byName[e.GetHost()]; host != nil {
			host.event(e)
		}
	}
}

// Host returns what is known of the host of that name, or nil.
func (r *Result) Host(name string) *HostResult { return r.byName[name] }

// Count returns how many hosts are in one of the states.
func (r *Result) Count(states ...State) int {
	n := 0
	for _, host := range r.Hosts {
		for _, state := range states {
			if host.State == state {
				n++
			}
		}
	}
	return n
}

func (r *Result) start(e *proto.Event, started *proto.RunStarted) {
	r.ID, r.File, r.Tasks = started.GetId(), started.GetFile(), started.GetTasks()
	r.Started, r.Invocation = e.GetTime().AsTime(), started.GetInvocation()
	r.byName = make(map[string]*HostResult, len(started.GetHosts()))
	for _, host := range started.GetHosts() {
		result := &HostResult{
			Name: host.GetName(), Address: host.GetAddress(), SSH: host.GetSsh(),
			State: Pending, given: make(map[plan.TaskRef]*TaskResult),
		}
		r.Hosts = append(r.Hosts, result)
		r.byName[result.Name] = result
	}
	for _, task := range started.GetTasks() {
		if task.GetGroup() != r.Tasks[0].GetGroup() {
			r.SeveralGroups = true
		}
		for _, name := range task.GetHosts() {
			if host := r.byName[name]; host != nil {
				host.given[plan.Ref(task.GetGroup(), task.GetName())] = nil
			}
		}
	}
}

func (h *HostResult) event(e *proto.Event) {
	switch kind := e.GetKind().(type) {
	case *proto.Event_HostConnecting:
		h.State = Connecting
	case *proto.Event_HostUpload:
		h.Sent, h.Total = kind.HostUpload.GetSent(), kind.HostUpload.GetTotal()
	case *proto.Event_HostConnected:
		h.State, h.Via = Running, kind.HostConnected.GetVia()
	case *proto.Event_HostFinished:
		h.State, h.Failure = finalState(kind.HostFinished.GetState()), kind.HostFinished.GetFailure()
		h.Duration = kind.HostFinished.GetDuration().AsDuration()
	case *proto.Event_Notice:
		if kind.Notice.GetLasting() {
			text := kind.Notice.GetText()
			if h.Remark != "" {
				text = h.Remark + "; " + text
			}
			h.Remark = beginning(text)
		}
	case *proto.Event_TaskStarted:
		h.task(e)
	case *proto.Event_TaskFinished:
		if task := h.task(e); task != nil {
			task.Finished = bounded(kind.TaskFinished)
		}
	}
}

// task returns the record of the event's task, which is new when it was neither started nor settled before; nil when
// the host was not given such a task.
func (h *HostResult) task(e *proto.Event) *TaskResult {
	key := plan.Ref(e.GetGroup(), e.GetTask())
	task, given := h.given[key]
	if !given || task != nil {
		return task
	}
	task = &TaskResult{Group: key.Group, Name: key.Task}
	h.given[key] = task
	h.Tasks = append(h.Tasks, task)
	return task
}

// Given says whether the host was given such a task.
func (h *HostResult) Given(group, name string) bool {
	_, given := h.given[plan.Ref(group, name)]
	return given
}

// Task returns what is known of a task on the host; nil when it was neither started nor settled, or not given to it.
func (h *HostResult) Task(group, name string) *TaskResult { return h.given[plan.Ref(group, name)] }

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

func finalState(state proto.HostFinished_State) State {
	switch state {
	case proto.HostFinished_SUCCESS:
		return Success
	case proto.HostFinished_UNREACHABLE:
		return Unreachable
	case proto.HostFinished_LOST:
		return Lost
	case proto.HostFinished_SKIPPED:
		return Skipped
	case proto.HostFinished_CANCELLED:
		return Cancelled
	default:
		return Failed
	}
}
