package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc"
	pb "google.golang.org/protobuf/proto"

	"sloth-runner/plan"
	"sloth-runner/proto"
)

// recvLoop passes on events until Done. It calls giveUp when the host does not keep to a limit.
func (h *host) recvLoop(stream grpc.BidiStreamingClient[proto.RunRequest, proto.Event], passwords *passwordReplies, giveUp context.CancelCauseFunc) (*proto.Done, error) {
	limits := newLimits(h.dispatcher.config.Timeout)
	for seq := uint64(2); ; seq++ {
		event, err := receive(stream, limits, h.dispatcher.pauses, giveUp)
		if err != nil {
			return nil, err
		}
		if event.GetSeq() != seq {
			return nil, fmt.Errorf("event %d came where %d was due", event.GetSeq(), seq)
		}
		normalise(event)
		if err := h.progress.check(event); err != nil {
			return nil, err
		}
		h.limit(limits, event)
		if changed := event.GetBecomeChanged(); changed != nil {
			passwords.event(changed)
		}
		if n := event.GetDone().GetStopped(); n > 0 {
			h.report(&proto.Event{Kind: &proto.Event_Notice{Notice: &proto.Notice{Text: stoppedText(n), Lasting: true}}})
		}
		h.report(event)
		if done := event.GetDone(); done != nil {
			return done, nil
		}
	}
}

// receive returns the next event. It gives the host up when none comes within the limits. Time in which this process did
// not run does not count.
func receive(stream grpc.BidiStreamingClient[proto.RunRequest, proto.Event], limits *limits, pauses *pauses, giveUp context.CancelCauseFunc) (*proto.Event, error) {
	from, lost := time.Now(), pauses.total()
	if next := limits.next(from); next != nil {
		defer expire(next, from, lost, pauses, giveUp).stop()
	}
	event, err := stream.Recv()
	if err != nil {
		return nil, err
	}
	if err := limits.count(from, time.Now(), pauses.total()-lost, eventCost+pb.Size(event)); err != nil {
		giveUp(err)
		return nil, err
	}
	return event, nil
}

// limit starts and ends limits as an accepted event requires.
func (h *host) limit(limits *limits, event *proto.Event) {
	id := event.Ref()
	switch event.GetKind().(type) {
	case *proto.Event_TaskStarted:
		limits.started(id, h.dispatcher.jobs[id].Task.Timeout)
	case *proto.Event_TaskFinished:
		limits.finished(id)
		if h.progress.allSettled() {
			limits.settled()
		}
	}
}

// lose settles the tasks that the agent did not. The outcome of running tasks is unknown. So is that of tasks that may
// have followed: the agent goes on until it notices the end of the connection.
func (h *host) lose(cause error) {
	what := "the link was lost"
	if errors.As(cause, new(overdue)) {
		what = "the host was given up"
	}
	known := map[plan.TaskRef]bool{}
	for _, task := range h.progress.unsettled() {
		id := task.Job.TaskRef
		finished := &proto.TaskFinished{
			Outcome: proto.TaskFinished_LOST, Message: what + ", and whether it ran is not known: " + cause.Error(), Changed: uint32(task.Changed),
		}
		switch {
		case task.Attempts > 0:
			finished.Message = what + " while it ran: " + cause.Error()
		case !h.progress.mayHaveRun(task, known):
			finished.Outcome, finished.Message = proto.TaskFinished_SKIPPED, what+" before it could start"
		}
		h.report(&proto.Event{Group: id.Group, Task: id.Task, Kind: &proto.Event_TaskFinished{TaskFinished: finished}})
	}
}
