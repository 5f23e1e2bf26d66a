package become

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/status"

	"sloth-runner/agent"
	"sloth-runner/internal/rpc"
	"sloth-runner/plan"
	"sloth-runner/proto"
)

// deputyGrace is how much longer than itself a deputy is given to end a task that is to end.
const deputyGrace = agent.TaskEndLimit + 500*time.Millisecond

// deputy is an agent that this one started as another user. It is given the whole plan with all its tasks behind a
// barrier, which opens when this agent's own chain comes to them: so the order is this agent's alone.
type deputy struct {
	account
	parent  agent.Parent
	client  *grpc.ClientConn
	stream  grpc.BidiStreamingClient[proto.RunRequest, proto.Event]
	cancel  context.CancelFunc
	reading sync.WaitGroup
	// tasks are the deputy's own; skipped are those of which it was told that they will not run.
	tasks   map[plan.TaskRef]bool
	skipped map[plan.TaskRef]bool
	// greeted is closed when the deputy has its tasks.
	greeted chan struct{}
	greet   sync.Once
	// finished brings the end of the task that runs; ended is closed when the deputy is gone, for the reason err.
	finished chan *proto.TaskFinished
	ended    chan struct{}
	err      error
	// stopped is how many processes it stopped at its end; once it is closed.
	stopped int

	mu      sync.Mutex
	current plan.TaskRef
	begun   map[plan.TaskRef]bool
}

// newDeputy gives an agent on conn its tasks. The connection is closed with the deputy.
func newDeputy(parent agent.Parent, as account, conn net.Conn) (*deputy, error) {
	client, err := rpc.Client(conn, rpc.Child)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	// The deputy ends with the session, not with the task that it was started for.
	ctx, cancel := context.WithCancel(context.Background())
	start := childStart(parent.Start, as)
	d := &deputy{
		account: as, parent: parent, client: client, cancel: cancel,
		tasks: tasksHere(start), skipped: map[plan.TaskRef]bool{}, begun: map[plan.TaskRef]bool{},
		greeted: make(chan struct{}), finished: make(chan *proto.TaskFinished, 1), ended: make(chan struct{}),
	}
	if d.stream, err = proto.NewAgentClient(client).Run(ctx); err == nil {
		err = d.stream.Send(&proto.RunRequest{Request: &proto.RunRequest_Start{Start: start}})
	}
	if err != nil {
		cancel()
		return nil, errors.Join(fmt.Errorf("give the tasks to its agent: %w", err), client.Close(), conn.Close())
	}
	d.reading.Go(d.listen)
	return d, nil
}

// run has the deputy run a task of its, and returns what became of it.
func (d *deputy) run(ctx context.Context, task *proto.Task) *proto.TaskFinished {
	if limit := task.GetTimeout().AsDuration(); limit > 0 {
		// The deputy keeps to it. This is for one that does not.
		var stop context.CancelFunc
		ctx, stop = context.WithTimeoutCause(ctx, limit+deputyGrace, agent.TaskTimeout{Limit: limit})
		defer stop()
	}
	name := plan.Ref(task.GetGroup(), task.GetName())
	d.begin(name)
	d.skipOthers()
	if task.GetStdin() && d.parent.Input != nil {
		defer d.feed()()
	}
	d.send(&proto.RunRequest{Request: &proto.RunRequest_Release{Release: &proto.Release{Group: name.Group, Task: name.Task}}})
	select {
	case finished := <-d.finished:
		return finished
	case <-d.ended:
		return d.lost()
	case <-ctx.Done():
	}
	d.send(&proto.RunRequest{Request: &proto.RunRequest_Cancel{Cancel: &proto.Cancel{Reason: context.Cause(ctx).Error()}}})
	select {
	case finished := <-d.finished:
		return finished
	case <-d.ended:
	case <-time.After(deputyGrace):
	}
	// It does not do what it is told: it gets no other task.
	d.cancel()
	<-d.ended
	select {
	case <-d.finished:
	default:
	}
	finished := &proto.TaskFinished{}
	agent.Interrupted(ctx, finished)
	return finished
}

// feed passes the operator's standard input on to the deputy, until the returned function is called; that waits for it.
func (d *deputy) feed() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var feeding sync.WaitGroup
	feeding.Go(func() {
		if err := d.sendInput(ctx); !errors.Is(err, proto.ErrInputUnwanted) && ctx.Err() == nil {
			// Its task would wait for ever.
			d.cancel()
		}
	})
	return func() {
		cancel()
		feeding.Wait()
	}
}

// sendInput sends the standard input once the deputy has the run that it is for, which it would not know before.
func (d *deputy) sendInput(ctx context.Context) error {
	select {
	case <-d.greeted:
	case <-d.ended:
		return proto.ErrInputUnwanted
	case <-ctx.Done():
		return ctx.Err()
	}
	sender, err := proto.SendInput(ctx, proto.NewAgentClient(d.client), d.parent.Start.GetRunId(), d.parent.Start.GetHost())
	if err != nil {
		return err
	}
	if broken, ok := errors.AsType[agent.InputBroken](d.parent.Input(sender, ctx.Done())); ok {
		// The deputy ends the task, and then the stream, for this reason.
		return cmp.Or(sender.Break(broken.Why), proto.ErrInputUnwanted)
	}
	return sender.Wait()
}

func (d *deputy) begin(name plan.TaskRef) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.current = name
	d.begun[name] = true
}

// skipOthers tells the deputy of its tasks that will not run: it takes groups one after the other.
func (d *deputy) skipOthers() {
	for _, name := range d.parent.Settled() {
		if d.tasks[name] && !d.hasBegun(name) && !d.skipped[name] {
			d.skipped[name] = true
			d.send(&proto.RunRequest{Request: &proto.RunRequest_Skip{Skip: &proto.Skip{Group: name.Group, Task: name.Task, Reason: "skipped"}}})
		}
	}
}

// send says something to the deputy. When it is gone, listen sees that too, with the reason.
func (d *deputy) send(request *proto.RunRequest) { _ = d.stream.Send(request) }

// lost is the end of a task whose deputy ended before it.
func (d *deputy) lost() *proto.TaskFinished {
	select {
	case finished := <-d.finished:
		return finished
	default:
	}
	return &proto.TaskFinished{
		Outcome: proto.TaskFinished_LOST,
		Message: fmt.Sprintf("what ran it as %s has ended, and how the task ended is not known: %v", d.user, d.err),
	}
}

// listen passes on what the deputy tells of its tasks, with this agent's numbers.
func (d *deputy) listen() {
	defer close(d.ended)
	for {
		event, err := d.stream.Recv()
		if err != nil {
			d.err = plainStatus(err)
			return
		}
		name := plan.Ref(event.GetGroup(), event.GetTask())
		switch kind := event.GetKind().(type) {
		case *proto.Event_Hello:
			d.greet.Do(func() { close(d.greeted) })
		case *proto.Event_Done:
			d.err, d.stopped = errors.New("it stopped"), int(kind.Done.GetStopped())
			if failure := kind.Done.GetFailure(); failure != nil {
				d.err = errors.New(failure.GetReason())
			}
			return
		case *proto.Event_TaskStarted, *proto.Event_Output, *proto.Event_Log, *proto.Event_SetupReport:
			if d.hasBegun(name) {
				d.parent.Emit(&proto.Event{Group: event.GetGroup(), Task: event.GetTask(), Kind: event.GetKind()})
			}
		case *proto.Event_TaskFinished:
			if d.settle(name) {
				d.finished <- kind.TaskFinished
			}
		}
	}
}

func (d *deputy) hasBegun(name plan.TaskRef) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.begun[name]
}

// settle reports whether the task is the one that runs, whose end comes once.
func (d *deputy) settle(name plan.TaskRef) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.current != name {
		return false
	}
	d.current = plan.TaskRef{}
	return true
}

// plainStatus is why a stream ended, without gRPC's words around it.
func plainStatus(err error) error {
	text := status.Convert(err).Message()
	if _, inner, found := strings.Cut(text, "desc = "); found {
		text = strings.Trim(inner, `"`)
	}
	return errors.New(text)
}

// close ends the deputy and waits until it and all that it started is gone. It may say first what it stopped.
func (d *deputy) close() {
	d.send(&proto.RunRequest{Request: &proto.RunRequest_Cancel{Cancel: &proto.Cancel{Reason: "the run has ended"}}})
	select {
	case <-d.ended:
	case <-time.After(deputyGrace):
	}
	d.cancel()
	// How it ends changes nothing any more.
	_ = d.client.Close()
	d.reading.Wait()
}
