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

// host is the goroutine of one host.
type host struct {
	desk   *desk
	target inventory.Target
	slot   *slot
	// requests has room for everything that the desk can ever say: a word about each task with a barrier.
	requests chan verdict
	// state is what the desk knows of it. The host's goroutines read of it what never changes.
	state *state.Host
	// progress is there once the host is reached.
	progress *progress
	// handed is the inbox's: the cost of all that the host has handed over.
	handed int64
	// stdin is where it is in the standard input; nil: there is none.
	stdin *stdinReader
}

func newHost(d *desk, target inventory.Target, slots slots) *host {
	known := d.run.Host(target.Name)
	h := &host{desk: d, target: target, slot: &slot{slots: slots}, requests: make(chan verdict, d.barriers.behind[target.Name]), state: known}
	if d.stdin != nil {
		h.stdin = d.stdin.reader()
	}
	return h
}

// tell passes on what the desk decided. It never blocks.
func (h *host) tell(v verdict) { h.requests <- v }

// report passes an event to the desk.
func (h *host) report(event *proto.Event) { h.desk.inbox.put(h, event) }

// admit waits until there is room for the host, and says that work on it begins; false: the run was interrupted before.
func (h *host) admit() bool {
	interrupt := h.desk.config.Interrupt
	if isClosed(interrupt) || !h.slot.take(interrupt) {
		return false
	}
	h.report(&proto.Event{Kind: &proto.Event_HostConnecting{HostConnecting: &proto.HostConnecting{Address: h.target.Address}}})
	return true
}

// run takes the host through its whole run, if it was admitted. Its last event is HostFinished.
func (h *host) run(ctx context.Context, began time.Time, admitted bool) {
	defer h.slot.park()
	finished := stopped(proto.HostFinished_CANCELLED, fault.Connect, errInterrupted)
	if admitted {
		finished = h.visit(ctx)
	}
	h.stdin.close()
	h.progress = nil
	finished.Duration = durationpb.New(time.Since(began))
	h.report(&proto.Event{Kind: &proto.Event_HostFinished{HostFinished: finished}})
}

func (h *host) visit(ctx context.Context) *proto.HostFinished {
	interrupt := h.desk.config.Interrupt
	link, via, err := h.connect(ctx)
	if err != nil {
		if isClosed(interrupt) || ctx.Err() != nil {
			return stopped(proto.HostFinished_CANCELLED, fault.Connect, errInterrupted)
		}
		return stopped(proto.HostFinished_UNREACHABLE, fault.Connect, err)
	}
	defer link.close()
	return h.converse(ctx, link, via)
}

// connect reaches the host; an interrupt stops it at once, since nothing runs there yet.
func (h *host) connect(ctx context.Context) (*link, proto.HostConnected_Via, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer h.onInterrupt(0, func() { cancel(errInterrupted) })()
	conn, via, err := h.desk.config.Connector.Connect(ctx, h.target, h.report)
	if err != nil {
		return nil, 0, err
	}
	link, err := newLink(conn)
	return link, via, err
}

// converse sends the plan and passes on what comes back.
func (h *host) converse(ctx context.Context, link *link, via proto.HostConnected_Via) *proto.HostFinished {
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
	// The agent has the plan: from here on, an end without its word leaves tasks of unknown outcome.
	h.report(&proto.Event{Kind: &proto.Event_HostConnected{HostConnected: &proto.HostConnected{Via: via}}})
	h.report(stream.hello)

	ended := make(chan struct{})
	var talking sync.WaitGroup
	passwords := newPasswords(h, ended)
	talking.Go(func() { h.talk(stream.stream, passwords.answers, ended, cancel) })
	stopFeeding := h.feed(ctx, link, cancel)
	done, err := h.listen(stream.stream, passwords, cancel)
	close(ended)
	stopFeeding()
	talking.Wait()
	passwords.close()
	if err != nil {
		cause := h.desk.pauses.explain(link.explain(ctx, err))
		h.lose(cause)
		return stopped(proto.HostFinished_LOST, fault.Lost, cause)
	}
	return h.progress.finished(done)
}

// opened is a stream on which the plan was sent.
type opened struct {
	stream grpc.BidiStreamingClient[proto.RunRequest, proto.Event]
	sent   bool
	hello  *proto.Event
}

// begin sends the plan and waits for the first answer. An interrupt leaves it some time for that: an agent that has the
// plan has to be told, and to confirm.
func (h *host) begin(ctx context.Context, cancel context.CancelCauseFunc, link *link, account string) (o opened, err error) {
	if limit := h.answerLimit(); limit > 0 {
		timer := time.AfterFunc(limit, func() { cancel(errNoAnswer) })
		defer timer.Stop()
	}
	defer h.onInterrupt(cancelGrace, func() { cancel(errUnconfirmed) })()
	start := h.start(account)
	h.progress = newProgress(h, start)
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

// answerLimit is how long the agent may take for its first answer: no longer than for all its work.
func (h *host) answerLimit() time.Duration {
	limit, work := h.desk.config.AnswerTimeout, h.desk.config.Timeout
	if work > 0 && (limit <= 0 || work+stopGrace < limit) {
		return work + stopGrace
	}
	return limit
}

// unanswered is the end of a host whose agent did not answer the plan. One that had it may have begun with it.
func (h *host) unanswered(ctx context.Context, link *link, sent bool, err error) *proto.HostFinished {
	cause := h.desk.pauses.explain(link.explain(ctx, err))
	switch {
	case sent && !isRefusal(err):
		h.lose(cause)
		return stopped(proto.HostFinished_LOST, fault.Answer, cause)
	case isClosed(h.desk.config.Interrupt):
		return stopped(proto.HostFinished_CANCELLED, fault.Answer, errInterrupted)
	}
	return stopped(proto.HostFinished_UNREACHABLE, fault.Answer, cause)
}

// talk says what the desk decides, and that the run was interrupted.
func (h *host) talk(stream grpc.BidiStreamingClient[proto.RunRequest, proto.Event], answers <-chan *proto.RunRequest, ended <-chan struct{}, cancel context.CancelCauseFunc) {
	// A request that can't be sent needs no handling: listen sees the same end of the stream, with its reason.
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
		case <-h.desk.config.Interrupt:
			// An agent that reads nothing holds up what is sent to it.
			timer := time.AfterFunc(cancelGrace, func() { cancel(errUnconfirmed) })
			defer timer.Stop()
			_ = stream.Send(&proto.RunRequest{Request: &proto.RunRequest_Cancel{Cancel: &proto.Cancel{Reason: errInterrupted.Error()}}})
			<-ended
			return
		}
	}
}

// onInterrupt calls f some time after the run is interrupted, unless the returned function is called before; that
// waits for f.
func (h *host) onInterrupt(after time.Duration, f func()) (stop func()) {
	stopped := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-h.desk.config.Interrupt:
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

// request is the verdict as the host is told it.
func (v verdict) request() *proto.RunRequest {
	if v.reason != "" {
		return &proto.RunRequest{Request: &proto.RunRequest_Skip{Skip: &proto.Skip{Group: v.task.Group, Task: v.task.Task, Reason: v.reason}}}
	}
	return &proto.RunRequest{Request: &proto.RunRequest_Release{Release: &proto.Release{Group: v.task.Group, Task: v.task.Task}}}
}
