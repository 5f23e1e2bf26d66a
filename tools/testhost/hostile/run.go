package hostile

import (
	"math"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"

	"sloth-runner/proto"
)

// run is a run of a hostile agent. Its methods send events with the right numbers.
type run struct {
	stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]
	start  *proto.Start
	seq    uint64
}

// send sends an event about the task, if there is one.
func (r *run) send(task *proto.Task, event *proto.Event) error {
	r.seq++
	event.Seq = r.seq
	event.Group, event.Task = task.GetGroup(), task.GetName()
	return r.stream.Send(event)
}

// raw sends bytes instead of an event.
func (r *run) raw(data []byte) error {
	message := new(emptypb.Empty)
	message.ProtoReflect().SetUnknown(data)
	return r.stream.SendMsg(message)
}

// tasks returns the tasks of this host.
func (r *run) tasks() []*proto.Task {
	var here []*proto.Task
	for _, task := range r.start.GetTasks() {
		if task.GetHere() {
			here = append(here, task)
		}
	}
	return here
}

// begin sends Hello and starts the first task, as an honest agent does.
func (r *run) begin() (*proto.Task, error) {
	first := r.tasks()[0]
	if err := r.hello(); err != nil {
		return nil, err
	}
	return first, r.started(first)
}

func (r *run) hello() error {
	return r.send(nil, &proto.Event{Kind: &proto.Event_Hello{Hello: &proto.Hello{Protocol: proto.ProtocolVersion, Version: "hostile"}}})
}

func (r *run) started(task *proto.Task) error {
	return r.send(task, &proto.Event{Kind: &proto.Event_TaskStarted{TaskStarted: &proto.TaskStarted{}}})
}

func (r *run) finished(task *proto.Task, end *proto.TaskFinished) error {
	return r.send(task, &proto.Event{Kind: &proto.Event_TaskFinished{TaskFinished: end}})
}

func (r *run) done(failure *proto.Failure) error {
	return r.send(nil, &proto.Event{Kind: &proto.Event_Done{Done: &proto.Done{Failure: failure}}})
}

func (r *run) print(task *proto.Task, data []byte) error {
	return r.send(task, outputOf(data))
}

func outputOf(data []byte) *proto.Event {
	return &proto.Event{Kind: &proto.Event_Output{Output: proto.NewOutput(proto.Output_STDOUT, data)}}
}

// all sends the start and the given end of every task.
func (r *run) all(end func() *proto.TaskFinished) error {
	if err := r.hello(); err != nil {
		return err
	}
	for _, task := range r.tasks() {
		if err := r.started(task); err != nil {
			return err
		}
		if err := r.finished(task, end()); err != nil {
			return err
		}
	}
	return r.done(nil)
}

// honest runs every task, as slowly as a real command.
func (r *run) honest() error {
	if err := r.hello(); err != nil {
		return err
	}
	for _, task := range r.tasks() {
		if err := r.started(task); err != nil {
			return err
		}
		for range 3 {
			if err := r.print(task, []byte("honest work\n")); err != nil {
				return err
			}
			time.Sleep(5 * time.Millisecond)
		}
		if err := r.finished(task, success()); err != nil {
			return err
		}
	}
	return r.done(nil)
}

// silence sends nothing more, and ignores all requests.
func (r *run) silence() error {
	<-r.stream.Context().Done()
	return nil
}

// flood sends the same event about the first task until the operator disconnects.
func (r *run) flood(event *proto.Event, pause time.Duration) error {
	task, err := r.begin()
	for err == nil {
		err = r.send(task, event)
		time.Sleep(pause)
	}
	return err
}

func success() *proto.TaskFinished {
	return &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS, Duration: durationpb.New(time.Second)}
}

// absurd is the end of a task with the largest value in every field.
func absurd() *proto.TaskFinished {
	code := int32(math.MinInt32)
	return &proto.TaskFinished{
		Outcome: proto.TaskFinished_SUCCESS, ExitCode: &code,
		Duration: &durationpb.Duration{Seconds: math.MaxInt64, Nanos: math.MinInt32},
	}
}

// manyBytes returns text of at most n bytes with escape sequences and a change of direction.
func manyBytes(n int) string {
	const part = "\x1b]0;x\a\u202e"
	return strings.Repeat(part, n/len(part))
}
