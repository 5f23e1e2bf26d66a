package state

import (
	"sort"
	"time"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// Host is the state of one host.
type Host struct {
	Name, Address string
	// SSH: the host is reached over SSH.
	SSH   bool
	State State
	Via   proto.HostConnected_Via
	// Failure is the reason when it is not the failure of a task. Its texts are at most 4 KiB each.
	Failure *proto.Failure
	// Sent and Total are bytes of the agent that is being uploaded; both are 0 when none is.
	Sent, Total int64
	// Remark is the text of lasting Notices about the host, at most 4 KiB; "": there was none.
	Remark string
	// Given are its tasks in the order of the run.
	Given []Task
	// Tasks are those that were started or ended by an event of their own, in the order of these events.
	Tasks []*Task
	// Started is when work on the host began, Connected when its agent had the plan, Ended when all had ended; zero: not
	// yet.
	Started, Connected, Ended time.Time
	Duration                  time.Duration

	// jobs are the run's; all hosts share them.
	jobs   map[plan.TaskRef]*Job
	counts counts
	// files are on their way, by their paths.
	files map[string]moving
}

// give adds a task to the host; false: there is no such host, or it has the task.
func (h *Host) give(job *Job) bool {
	if h == nil || len(h.Given) > 0 && h.Given[len(h.Given)-1].Job == job {
		return false
	}
	h.Given = append(h.Given, Task{Job: job, State: Pending})
	h.counts.add(Pending, 1)
	return true
}

// Fresh returns the host as it is before its first event. The copy is independent: its events change nothing in the run.
// Fresh may be called while another goroutine applies events to the run.
func (h *Host) Fresh() *Host {
	fresh := &Host{Name: h.Name, Address: h.Address, SSH: h.SSH, State: Pending, jobs: h.jobs, Given: make([]Task, len(h.Given))}
	for i := range h.Given {
		fresh.Given[i] = Task{Job: h.Given[i].Job, State: Pending}
	}
	fresh.counts.add(Pending, len(fresh.Given))
	return fresh
}

// Task returns the host's state of a task; nil when the host does not have the task. The lookup reads nothing that events
// change: it may be called, as Fresh, while another goroutine applies events to the run.
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

// Changed returns how many changes its tasks made, or would have made in a dry run.
func (h *Host) Changed() int {
	n := 0
	for _, task := range h.Tasks {
		n += task.Changed
	}
	return n
}

// Apply adds an event of the host. It calls changed for each task whose state changes.
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
	case *proto.Event_Change:
		if task := h.open(e); task != nil && task.State == Running {
			task.Changed = min(task.Changed+1, mostChanges)
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

// reach updates the state of the connection.
func (h *Host) reach(e *proto.Event) {
	if h.State.IsFinal() {
		return
	}
	switch kind := e.GetKind().(type) {
	case *proto.Event_HostConnecting:
		h.State, h.Started = Connecting, timeOf(e)
	case *proto.Event_HostUpload:
		h.Sent, h.Total = kind.HostUpload.GetSent(), kind.HostUpload.GetTotal()
	case *proto.Event_HostFile:
		h.noteFile(kind.HostFile)
	case *proto.Event_HostConnected:
		h.State, h.Via, h.Connected = Running, kind.HostConnected.GetVia(), timeOf(e)
	}
}

// open returns the task that an event is about; nil when the task has ended, or the host does not have it.
func (h *Host) open(e *proto.Event) *Task {
	task := h.Task(e.Ref())
	if task == nil || task.State.IsFinal() {
		return nil
	}
	return task
}

// note applies a change of a task by an event of its own.
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

// end records how the host ended, and ends its remaining tasks.
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

// boundedFailure returns a copy of a failure with bounded texts.
func boundedFailure(f *proto.Failure) *proto.Failure {
	if max(len(f.GetReason()), len(f.GetHint())) <= mostText {
		return f
	}
	return &proto.Failure{Stage: f.GetStage(), Reason: beginning(f.GetReason()), Hint: beginning(f.GetHint())}
}

// timeOf returns the time of an event; zero: it has none.
func timeOf(e *proto.Event) time.Time {
	if e.GetTime() == nil {
		return time.Time{}
	}
	return e.GetTime().AsTime()
}
