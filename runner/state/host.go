package state

import (
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
	// Failure says why, when it is not a task's own failure.
	Failure *proto.Failure
	// Sent and Total are bytes of the agent that is being copied; 0 and 0 when none is.
	Sent, Total int64
	// Remark is what lasting Notices said of the host, at most 4 KiB; "": there was none.
	Remark string
	// Tasks are those that were started or settled, in that order.
	Tasks    []*Task
	Duration time.Duration

	// given are the tasks that the host was given; nil: not yet started or settled.
	given map[plan.TaskRef]*Task
}

func (h *Host) event(e *proto.Event) {
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
func (h *Host) task(e *proto.Event) *Task {
	key := plan.Ref(e.GetGroup(), e.GetTask())
	task, given := h.given[key]
	if !given || task != nil {
		return task
	}
	task = &Task{Group: key.Group, Name: key.Task}
	h.given[key] = task
	h.Tasks = append(h.Tasks, task)
	return task
}

// Given says whether the host was given such a task.
func (h *Host) Given(group, name string) bool {
	_, given := h.given[plan.Ref(group, name)]
	return given
}

// Task returns what is known of a task on the host; nil when it was neither started nor settled, or not given to it.
func (h *Host) Task(group, name string) *Task { return h.given[plan.Ref(group, name)] }
