package state

import (
	"sort"
	"time"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// Host is what is known of one host.
type Host struct {
	Name, Address string
	// SSH says that it is reached over SSH.
	SSH   bool
	State State
	Via   proto.HostConnected_Via
	// Failure says why, when it is not a task's own failure. Its texts are at most 4 KiB each.
	Failure *proto.Failure
	// Sent and Total are bytes of the agent that is being copied; 0 and 0 when none is.
	Sent, Total int64
	// Remark is what lasting Notices said of the host, at most 4 KiB; "": there was none.
	Remark string
	// Given are its tasks in the order of the run.
	Given []Task
	// Tasks are those of them that were started or ended with an event of their own, in the order of these events.
	Tasks []*Task
	// Started is when work on it began, Connected when its agent had the plan, Ended when all was over; zero: not yet.
	Started, Connected, Ended time.Time
	Duration                  time.Duration

	// jobs are those of the run, which all hosts share.
	jobs   map[plan.TaskRef]*Job
	counts counts
}

// give adds a task to those of the host; false: there is no such host, or it was given the task before.
func (h *Host) give(job *Job) bool {
	if h == nil || len(h.Given) > 0 && h.Given[len(h.Given)-1].Job == job {
		return false
	}
	h.Given = append(h.Given, Task{Job: job, State: Pending})
	h.counts.add(Pending, 1)
	return true
}

// Fresh returns the host as it is before anything happened on it. It stands alone: events that it takes change nothing in
// the run. It may be called while another goroutine has events for the run.
func (h *Host) Fresh() *Host {
	fresh := &Host{Name: h.Name, Address: h.Address, SSH: h.SSH, State: Pending, jobs: h.jobs, Given: make([]Task, len(h.Given))}
	for i := range h.Given {
		fresh.Given[i] = Task{Job: h.Given[i].Job, State: Pending}
	}
	fresh.counts.add(Pending, len(fresh.Given))
	return fresh
}

// Task returns what is known of a task on the host; nil when it was not given to it. To find it, nothing is read that events
// change: it may be called, as Fresh, while another goroutine has events for the run.
func (h *Host) Task(id plan.TaskRef) *Task {
	job := h.jobs[id]
	if job == nil {
		return nil
	}
	at := sort.Search(len(h.Given), func(i int) bool { return h.Given[i].Job.index >= job.index })
	if at == len(h.Given) || h.Given[at].Job != job {
		return nil
	}
	return &h.Given[at]
}

// Count returns how many of its tasks are in one of the states.
func (h *Host) Count(states ...State) int { return h.counts.of(states) }

// Apply adds what happened on the host. changed is called for each task that an event has brought from a state to another.
func (h *Host) Apply(e *proto.Event, changed func(t *Task, from State)) {
	switch kind := e.GetKind().(type) {
	case *proto.Event_TaskStarted:
		if task := h.open(e); task != nil {
			h.note(task, changed, func() { task.begin(timeOf(e)) })
		}
	case *proto.Event_TaskFinished:
		if task := h.open(e); task != nil {
			h.note(task, changed, func() { task.end(timeOf(e), kind.TaskFinished) })
		}
	case *proto.Event_HostFinished:
		h.end(e, kind.HostFinished, changed)
	case *proto.Event_Notice:
		if kind.Notice.GetLasting() {
			h.remark(kind.Notice.GetText())
		}
	default:
		h.reach(e)
	}
}

// reach notes how far the connection to the host is.
func (h *Host) reach(e *proto.Event) {
	if h.State.IsFinal() {
		return
	}
	switch kind := e.GetKind().(type) {
	case *proto.Event_HostConnecting:
		h.State, h.Started = Connecting, timeOf(e)
	case *proto.Event_HostUpload:
		h.Sent, h.Total = kind.HostUpload.GetSent(), kind.HostUpload.GetTotal()
	case *proto.Event_HostConnected:
		h.State, h.Via, h.Connected = Running, kind.HostConnected.GetVia(), timeOf(e)
	}
}

// open returns the task that an event is about; nil when it has ended, or the host was not given it.
func (h *Host) open(e *proto.Event) *Task {
	task := h.Task(e.Ref())
	if task == nil || task.State.IsFinal() {
		return nil
	}
	return task
}

// note lets a task change by an event of its own.
func (h *Host) note(task *Task, changed func(*Task, State), change func()) {
	if task.isNews() {
		h.Tasks = append(h.Tasks, task)
	}
	h.move(task, changed, change)
}

func (h *Host) move(task *Task, changed func(*Task, State), change func()) {
	from := task.State
	change()
	if task.State == from {
		return
	}
	h.counts.add(from, -1)
	h.counts.add(task.State, 1)
	changed(task, from)
}

// end notes how the host ended, and with it the tasks of which nothing was said.
func (h *Host) end(e *proto.Event, finished *proto.HostFinished, changed func(*Task, State)) {
	if h.State.IsFinal() {
		return
	}
	h.State, h.Failure = endOfHost(finished.GetState()), boundedFailure(finished.GetFailure())
	h.Ended, h.Duration = timeOf(e), finished.GetDuration().AsDuration()
	for i := range h.Given {
		if task := &h.Given[i]; !task.State.IsFinal() {
			h.move(task, changed, func() { task.State, task.Ended = endOfRest(h.State), h.Ended })
		}
	}
}

func (h *Host) remark(text string) {
	if h.Remark != "" {
		text = h.Remark + "; " + text
	}
	h.Remark = beginning(text)
}

// boundedFailure returns what is kept of a failure.
func boundedFailure(f *proto.Failure) *proto.Failure {
	if max(len(f.GetReason()), len(f.GetHint())) <= mostText {
		return f
	}
	return &proto.Failure{Stage: f.GetStage(), Reason: beginning(f.GetReason()), Hint: beginning(f.GetHint())}
}

// timeOf is when an event happened; zero: it does not say that.
func timeOf(e *proto.Event) time.Time {
	if e.GetTime() == nil {
		return time.Time{}
	}
	return e.GetTime().AsTime()
}
