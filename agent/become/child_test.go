package become

import (
	"io"
	"testing"

	"google.golang.org/grpc"

	"sloth-runner/agent"
	"sloth-runner/plan"
	"sloth-runner/proto"
)

// said is the stream of a child agent that says these events, and then ends.
type said struct {
	grpc.BidiStreamingClient[proto.RunRequest, proto.Event]
	events []*proto.Event
}

func (s *said) Recv() (*proto.Event, error) {
	if len(s.events) == 0 {
		return nil, io.EOF
	}
	next := s.events[0]
	s.events = s.events[1:]
	return next, nil
}

// What a child agent changed is passed on as an event of the task, and so is how much it was; not of tasks that it was not given.
func TestChildPassesChangesOn(t *testing.T) {
	change := func(task string) *proto.Event {
		return &proto.Event{Group: "g", Task: task, Kind: &proto.Event_Change{Change: &proto.Change{What: "/etc/motd", Diff: "+hi\n"}}}
	}
	var passed []*proto.Event
	c := &child{
		parent:   agent.Parent{Emit: func(e *proto.Event) { passed = append(passed, e) }},
		current:  plan.Ref("g", "t"),
		begun:    map[plan.TaskRef]bool{plan.Ref("g", "t"): true},
		finished: make(chan *proto.TaskFinished, 1), ended: make(chan struct{}),
		stream: &said{events: []*proto.Event{
			change("t"), change("another"),
			{Group: "g", Task: "t", Kind: &proto.Event_TaskFinished{TaskFinished: &proto.TaskFinished{Changed: 1}}},
		}},
	}
	c.receive()
	if len(passed) != 1 || passed[0].GetTask() != "t" || passed[0].GetChange().GetDiff() != "+hi\n" {
		t.Errorf("passed on: %v", passed)
	}
	if n := (<-c.finished).GetChanged(); n != 1 {
		t.Errorf("%d changes, want 1", n)
	}
}
