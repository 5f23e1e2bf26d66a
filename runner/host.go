package runner

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// cancelGrace is how long a host has to confirm that it has stopped.
const cancelGrace = 4 * time.Second

var (
	errInterrupted = errors.New("interrupted")
	errUnconfirmed = errors.New("it did not confirm that its processes were stopped")
	errLeft        = errors.New("left before it confirmed that its processes were stopped")
	errNoAnswer    = errors.New("the agent does not answer")
)

// host runs the plan on one host, in a goroutine of its own.
type host struct {
	dispatcher *dispatcher
	target     inventory.Target
	slot       *slot
	// requests has room for all verdicts: one for each task with a barrier. So the dispatcher never blocks.
	requests chan verdict
	// state is the dispatcher's state of this host. The host's goroutines read only what never changes in it.
	state *state.Host
	// progress is set when the host is connected.
	progress *progress
	// handed belongs to the inbox: the cost of all events that this host has put.
	handed int64
	// stdin is this host's position in the standard input; nil: there is none.
	stdin *stdinReader
}

func newHost(d *dispatcher, target inventory.Target, slots slots) *host {
	known := d.run.Host(target.Name)
	h := &host{dispatcher: d, target: target, slot: &slot{slots: slots}, requests: make(chan verdict, d.barriers.behind[target.Name]), state: known}
	if d.stdin != nil {
		h.stdin = d.stdin.reader()
	}
	return h
}

// tell queues a verdict of the dispatcher. It never blocks.
func (h *host) tell(v verdict) { h.requests <- v }

// report hands an event to the dispatcher.
func (h *host) report(event *proto.Event) { h.dispatcher.inbox.put(h, event) }

// admit waits for a slot and reports that the work on the host begins; false: the run was interrupted before.
func (h *host) admit() bool {
	interrupt := h.dispatcher.config.Interrupt
	if isClosed(interrupt) || !h.slot.take(interrupt) {
		return false
	}
	h.report(&proto.Event{Kind: &proto.Event_HostConnecting{HostConnecting: &proto.HostConnecting{Address: h.target.Address}}})
	return true
}

// run does all the work of the host, if it was admitted. Its last event is HostFinished.
func (h *host) run(ctx context.Context, began time.Time, admitted bool) {
	defer h.slot.park()
	finished := stopped(proto.HostFinished_CANCELLED, fault.Connect, errInterrupted)
	if admitted {
		finished = h.runHost(ctx)
	}
	h.stdin.close()
	h.progress = nil
	finished.Duration = durationpb.New(time.Since(began))
	h.report(&proto.Event{Kind: &proto.Event_HostFinished{HostFinished: finished}})
}

func (h *host) runHost(ctx context.Context) *proto.HostFinished {
	interrupt := h.dispatcher.config.Interrupt
	link, via, err := h.connect(ctx)
	if err != nil {
		if isClosed(interrupt) || ctx.Err() != nil {
			return stopped(proto.HostFinished_CANCELLED, fault.Connect, errInterrupted)
		}
		return stopped(proto.HostFinished_UNREACHABLE, fault.Connect, err)
	}
	defer link.close()
	return h.runPlan(ctx, link, via)
}

// connect connects to the host. An interrupt stops it at once, because nothing runs there yet.
func (h *host) connect(ctx context.Context) (*link, proto.HostConnected_Via, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer h.onInterrupt(0, func() { cancel(errInterrupted) })()
	conn, via, err := h.dispatcher.config.Connector.Connect(ctx, h.target, h.report)
	if err != nil {
		return nil, 0, err
	}
	link, err := newLink(conn)
	return link, via, err
}

// runPlan sends the plan and passes on the events that come back.
func (h *host) runPlan(ctx context.Context, link *link, via proto.HostConnected_Via) *proto.HostFinished {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	account := ""
	if via == proto.HostConnected_AGENT {
		account = h.target.Account
	}
	stream, err := h.begin(ctx, cancel, link, account)
	if err != nil {
		return h.unanswered(ctx, link, stream.sent, err)
	}
	// The agent has the plan. If the connection ends before it says Done, the outcome of tasks is unknown.
	h.report(&proto.Event{Kind: &proto.Event_HostConnected{HostConnected: &proto.HostConnected{Via: via}}})
	h.report(stream.hello)

	running, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var sending sync.WaitGroup
	passwords := newPasswordReplies(running, h)
	sending.Go(func() { h.sendLoop(stream.stream, passwords.answers, running.Done(), cancel) })
	stopFeeding := h.feed(ctx, link, cancel)
	stopServing := h.serveFiles(ctx, link, stream.files, cancel)
	done, err := h.recvLoop(stream.stream, passwords, cancel)
	end()
	stopFeeding()
	stopServing()
	sending.Wait()
	passwords.close()
	if err != nil {
		cause := h.dispatcher.pauses.wrapCause(link.wrapCause(ctx, err))
		h.lose(cause)
		return stopped(proto.HostFinished_LOST, fault.Lost, cause)
	}
	if other := h.otherProtocol(stream.hello.GetHello(), via); other != nil && done.GetFailure() != nil {
		done.Failure = other
	}
	return h.progress.finished(done)
}

// opened is a stream on which the plan was sent. hello is the agent's first event.
type opened struct {
	stream grpc.BidiStreamingClient[proto.RunRequest, proto.Event]
	sent   bool
	// files says that the host may ask for files.
	files bool
	hello *proto.Event
}

// begin sends the plan and waits for the agent's first event. After an interrupt it still waits for cancelGrace: an agent
// that has the plan must get the cancellation and confirm it.
func (h *host) begin(ctx context.Context, cancel context.CancelCauseFunc, link *link, account string) (o opened, err error) {
	if limit := h.answerLimit(); limit > 0 {
		timer := time.AfterFunc(limit, func() { cancel(errNoAnswer) })
		defer timer.Stop()
	}
	defer h.onInterrupt(cancelGrace, func() { cancel(errUnconfirmed) })()
	start := h.start(account)
	h.progress, o.files = newProgress(h, start), start.GetFiles()
	if o.stream, err = link.open(ctx); err != nil {
		return o, err
	}
	o.sent = true
	if err := o.stream.Send(&proto.RunRequest{Request: &proto.RunRequest_Start{Start: start}}); err != nil && !errors.Is(err, io.EOF) {
		return o, err
	}
	if o.hello, err = o.stream.Recv(); err != nil {
		return o, err
	}
	normalise(o.hello)
	if o.hello.GetHello() == nil || o.hello.GetSeq() != 1 {
		return o, errors.New("what answers there is not an agent of this program")
	}
	return o, nil
}

// answerLimit is how long the agent may take for its first event: at most as long as for all its work.
func (h *host) answerLimit() time.Duration {
	limit, work := h.dispatcher.config.AnswerTimeout, h.dispatcher.config.Timeout
	if work > 0 && (limit <= 0 || work+stopGrace < limit) {
		return work + stopGrace
	}
	return limit
}

// unanswered is the result of a host whose agent did not answer the plan. An agent that received the plan may have begun
// it.
func (h *host) unanswered(ctx context.Context, link *link, sent bool, err error) *proto.HostFinished {
	cause := h.dispatcher.pauses.wrapCause(link.wrapCause(ctx, err))
	switch {
	case sent && !isRefusal(err):
		h.lose(cause)
		return stopped(proto.HostFinished_LOST, fault.Answer, cause)
	case isClosed(h.dispatcher.config.Interrupt):
		return stopped(proto.HostFinished_CANCELLED, fault.Answer, errInterrupted)
	}
	return stopped(proto.HostFinished_UNREACHABLE, fault.Answer, cause)
}

// sendLoop sends the dispatcher's verdicts, the passwords, and the cancellation when the run is interrupted.
func (h *host) sendLoop(stream grpc.BidiStreamingClient[proto.RunRequest, proto.Event], answers <-chan *proto.RunRequest, ended <-chan struct{}, cancel context.CancelCauseFunc) {
	// A request that can't be sent needs no handling: recvLoop sees the same end of the stream, with its reason.
	for {
		select {
		case <-ended:
			return
		case v := <-h.requests:
			if v.reason == "" && !h.slot.take(ended) {
				return
			}
			h.progress.released[v.task] = v.reason == ""
			_ = stream.Send(v.request())
		case answer := <-answers:
			_ = stream.Send(answer)
		case <-h.dispatcher.config.Interrupt:
			// An agent that reads nothing would block this Send.
			timer := time.AfterFunc(cancelGrace, func() { cancel(errUnconfirmed) })
			defer timer.Stop()
			_ = stream.Send(&proto.RunRequest{Request: &proto.RunRequest_Cancel{Cancel: &proto.Cancel{Reason: errInterrupted.Error()}}})
			<-ended
			return
		}
	}
}

// onInterrupt calls f when the time after has passed since the run's interrupt, unless stop is called before. stop waits
// for f.
func (h *host) onInterrupt(after time.Duration, f func()) (stop func()) {
	stopped := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-h.dispatcher.config.Interrupt:
		case <-stopped:
			return
		}
		select {
		case <-time.After(after):
			f()
		case <-stopped:
		}
	})
	return func() {
		close(stopped)
		watching.Wait()
	}
}

func stopped(state proto.HostFinished_State, stage fault.Stage, err error) *proto.HostFinished {
	return &proto.HostFinished{State: state, Failure: proto.FailureOf(err, stage)}
}

// request returns the message that sends the verdict to the host.
func (v verdict) request() *proto.RunRequest {
	if v.reason != "" {
		return &proto.RunRequest{Request: &proto.RunRequest_Skip{Skip: &proto.Skip{Group: v.task.Group, Task: v.task.Task, Reason: v.reason}}}
	}
	return &proto.RunRequest{Request: &proto.RunRequest_Release{Release: &proto.Release{Group: v.task.Group, Task: v.task.Task}}}
}
