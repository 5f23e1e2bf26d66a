package agent

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"sloth-runner/agent/process"
	"sloth-runner/internal/abandon"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/sloth"
)

// errLimit is the cause of a context that ended because the work on this host took too long.
var errLimit = errors.New("the time limit for the work on this host was reached")

// cancelled is the cause of a context that the operator cancelled.
type cancelled struct{ reason string }

func (c cancelled) Error() string { return c.reason }

// session is one run on this host.
type session struct {
	start   *proto.Start
	version string
	queue   *queue
	procs   *process.Set
	// caller makes the system calls that may never return.
	caller *abandon.Caller
	// children run the tasks of other users.
	children Children
	// views are what the accounts of a dry run would have changed.
	views views

	// setup installs or changes the persistent agent of this host; nil: this agent does not.
	setup func(ctx context.Context, step *proto.Setup, version string) (*proto.SetupReport, error)

	// files moves files between the operator and this host.
	files *files
	// input is the standard input of the task; nil: it has none.
	input *input
	// last is the last task that this agent itself began; nil: none.
	last *proto.Task
	// failure is why the plan was not run to its end.
	failure *proto.Failure
	// interrupted is why the work ended before its time; nil: it came to its end.
	interrupted error

	mu   sync.Mutex // orders events: the number is given and the event sent under it
	send func(*proto.Event) error
	seq  uint64

	// wakeup has a buffer of one: control has changed the state of the queue.
	wakeup chan struct{}
}

func newSession(service *Service, start *proto.Start, send func(*proto.Event) error) *session {
	caller := abandon.NewCaller(&service.calls)
	s := &session{
		start: start, version: service.Version, send: send, setup: service.Setup,
		queue: newQueue(start.GetTasks()), procs: process.NewSet(caller), caller: caller, files: newFiles(caller, start),
		views: newViews(start.GetDryRun()), wakeup: make(chan struct{}, 1),
	}
	if slices.ContainsFunc(start.GetTasks(), func(task *proto.Task) bool { return task.GetHere() && task.GetStdin() }) {
		s.input = newInput()
	}
	s.children = s.newChildren(service.Children)
	return s
}

// run handles the plan, from Hello to Done. An error means that the operator is gone.
func (s *session) run(ctx context.Context) error {
	defer s.procs.KillAll()
	defer s.children.Close()
	if s.input != nil {
		defer s.input.close()
	}
	s.hello()
	s.failure = s.execute(ctx)
	s.interrupted = context.Cause(ctx)
	stopped := s.procs.KillAll() + s.children.Close()
	s.closeFiles(ctx)
	if ctx.Err() != nil && !s.start.GetHold() {
		stopped = 0 // they were counted with the others
	}
	s.sayLeft()
	return s.emit(&proto.Event{Kind: &proto.Event_Done{Done: &proto.Done{Failure: s.failure, Stopped: uint32(stopped)}}})
}

// closeFiles removes what has not come whole, also after ctx has ended.
func (s *session) closeFiles(ctx context.Context) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), process.TaskEndLimit)
	defer stop()
	s.files.close(ctx)
}

func (s *session) execute(ctx context.Context) *proto.Failure {
	if limit := s.start.GetTimeout().AsDuration(); limit > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeoutCause(ctx, limit, errLimit)
		defer stop()
	}
	if spoken := s.start.GetProtocol(); spoken != proto.ProtocolVersion {
		return &proto.Failure{
			Stage:  proto.StageOf(fault.Load),
			Reason: fmt.Sprintf("the operator speaks protocol %d and this agent (%s) speaks %d", spoken, s.version, proto.ProtocolVersion),
			Hint:   "use the same version of sloth-runner on both sides",
		}
	}
	host := &taskHost{session: s}
	machine, failure := s.load(ctx, host)
	if failure != nil {
		return failure
	}
	if machine != nil {
		defer machine.CloseWithin(ctx)
	}
	s.work(ctx, machine, host)
	return nil
}

// work runs the queue to its end. When it returns, each task of this host is settled.
func (s *session) work(ctx context.Context, machine *sloth.Machine, host *taskHost) {
	for {
		for _, skipped := range s.queue.skippable(ctx.Err() != nil) {
			s.finish(skipped.task, &proto.TaskFinished{Outcome: proto.TaskFinished_SKIPPED, Message: skipped.reason})
		}
		queued, settled := s.queue.next()
		switch {
		case settled:
			if s.start.GetHold() {
				<-ctx.Done()
			}
			return
		case ctx.Err() != nil:
			s.cancelRest(ctx)
			return
		case queued == nil:
			select {
			case <-s.wakeup:
			case <-ctx.Done():
			}
		default:
			s.runTask(ctx, machine, host, queued)
		}
	}
}

func (s *session) cancelRest(ctx context.Context) {
	for _, queued := range s.queue.unsettled() {
		s.finish(queued, &proto.TaskFinished{Outcome: proto.TaskFinished_CANCELLED, Message: context.Cause(ctx).Error()})
	}
}

// control handles the operator's requests after the plan.
func (s *session) control(request *proto.RunRequest, cancel context.CancelCauseFunc) {
	switch r := request.GetRequest().(type) {
	case *proto.RunRequest_Release:
		s.queue.release(r.Release.GetGroup(), r.Release.GetTask())
	case *proto.RunRequest_Skip:
		s.queue.skip(r.Skip.GetGroup(), r.Skip.GetTask(), r.Skip.GetReason())
	case *proto.RunRequest_Password:
		s.children.Answer(r.Password)
	case *proto.RunRequest_Cancel:
		cancel(cancelled{r.Cancel.GetReason()})
	}
	select {
	case s.wakeup <- struct{}{}:
	default:
	}
}

// takeLeftovers describes the processes and calls of the run that could not be ended and were not reported yet; "":
// none.
func (s *session) takeLeftovers() string {
	left := []string{s.caller.TakeLeft(), s.procs.TakeLeft()}
	return strings.Join(slices.DeleteFunc(left, func(text string) bool { return text == "" }), "; ")
}

// sayLeft reports what of the run could not be ended.
func (s *session) sayLeft() {
	if left := s.takeLeftovers(); left != "" && s.last != nil {
		s.warn(s.last, left)
	}
}

// addLeft reports, in the end of a task, what of it could not be ended. If the end is not shown, it is logged. said is
// the text that a child agent reported: the reason that it got, and its own leftovers.
func (s *session) addLeft(task *proto.Task, said string, finished *proto.TaskFinished) {
	left := s.takeLeftovers()
	if left != "" && finished.GetOutcome() == proto.TaskFinished_CANCELLED {
		s.warn(task, left)
	}
	if of, ok := strings.CutPrefix(said, finished.GetMessage()+"; "); ok && left == "" {
		left = of
	}
	if left != "" {
		finished.Message += "; " + left
	}
}

func (s *session) warn(task *proto.Task, message string) {
	s.emitTask(task, &proto.Event{Kind: &proto.Event_Log{Log: &proto.Log{Level: proto.Log_WARN, Message: strings.ToValidUTF8(message, "\uFFFD")}}})
}

func (s *session) hello() {
	hostname, err := os.Hostname()
	if err != nil {
		hostname = ""
	}
	s.emitIgnoringGone(&proto.Event{Kind: &proto.Event_Hello{Hello: &proto.Hello{
		Protocol: proto.ProtocolVersion, Version: s.version, Hostname: strings.ToValidUTF8(hostname, "\uFFFD"),
		Os: runtime.GOOS, Arch: runtime.GOARCH, Pid: int64(os.Getpid()),
	}}})
}

// end completes the end of a task that ran in ctx.
func (s *session) end(ctx context.Context, queued *queuedTask, began time.Time, finished *proto.TaskFinished) {
	if finished.GetOutcome() != proto.TaskFinished_SUCCESS && ctx.Err() != nil {
		said := finished.GetMessage()
		Interrupted(ctx, finished)
		s.addLeft(queued.task, said, finished)
	}
	// A failure at the time limit of the host is not the task's own.
	finished.Ignored = queued.task.GetIgnoreErrors() && finished.GetOutcome() == proto.TaskFinished_FAILED &&
		!errors.Is(context.Cause(ctx), errLimit)
	finished.Duration = since(began)
	s.finish(queued, finished)
}

func (s *session) finish(queued *queuedTask, finished *proto.TaskFinished) {
	s.queue.settle(queued, finished.GetOutcome(), finished.GetIgnored())
	finished.Message = strings.ToValidUTF8(finished.GetMessage(), "\uFFFD")
	finished.Traceback = strings.ToValidUTF8(finished.GetTraceback(), "\uFFFD")
	if finished.Duration == nil {
		finished.Duration = durationpb.New(0)
	}
	s.emitTask(queued.task, &proto.Event{Kind: &proto.Event_TaskFinished{TaskFinished: finished}})
}

// emitTask sends an event of the task.
func (s *session) emitTask(task *proto.Task, event *proto.Event) {
	event.Group, event.Task = task.GetGroup(), task.GetName()
	s.emitIgnoringGone(event)
}

// emitIgnoringGone sends an event and ignores an error. If the operator is gone, the context of the stream ends, and
// with it the run.
func (s *session) emitIgnoringGone(event *proto.Event) {
	if s.emit(event) != nil {
		return
	}
}

func (s *session) emit(event *proto.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	event.Seq = s.seq
	return s.send(event)
}

// since returns the time since start, for an event.
func since(start time.Time) *durationpb.Duration { return durationpb.New(time.Since(start)) }
