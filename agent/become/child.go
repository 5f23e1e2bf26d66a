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
	"sloth-runner/agent/process"
	"sloth-runner/internal/rpc"
	"sloth-runner/plan"
	"sloth-runner/proto"
)

// childGrace is how much longer than this agent's own limits a child agent may take to end a task.
const childGrace = process.TaskEndLimit + 500*time.Millisecond

// child is an agent that this one started as another user. It gets the whole plan with all its tasks behind barriers. A
// barrier opens when this agent's own queue comes to the task, so that only this agent decides the order.
type child struct {
	account
	parent  agent.Parent
	client  *grpc.ClientConn
	stream  grpc.BidiStreamingClient[proto.RunRequest, proto.Event]
	cancel  context.CancelFunc
	reading sync.WaitGroup
	// tasks are the tasks of the child agent; skipped are those that it knows will not run.
	tasks   map[plan.TaskRef]bool
	skipped map[plan.TaskRef]bool
	// ready is closed when the child agent has its tasks.
	ready     chan struct{}
	readyOnce sync.Once
	// finished receives the result of the current task. ended is closed when the child agent is gone; err is then the
	// reason.
	finished chan *proto.TaskFinished
	ended    chan struct{}
	err      error
	// stopped is how many processes it stopped at its end. Read it after ended is closed.
	stopped int

	mu      sync.Mutex
	current plan.TaskRef
	begun   map[plan.TaskRef]bool
	// warning is logged when the current task has started; "": nothing.
	warning string
}

// newChild sends its tasks to an agent on conn. The connection is closed with the child agent.
func newChild(parent agent.Parent, as account, conn net.Conn) (*child, error) {
	client, err := rpc.Client(conn, rpc.Child)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	// The child agent ends with the session, not with the task that it was started for.
	ctx, cancel := context.WithCancel(context.Background())
	start := childStart(parent.Start, as)
	c := &child{
		account: as, parent: parent, client: client, cancel: cancel,
		tasks: tasksHere(start), skipped: map[plan.TaskRef]bool{}, begun: map[plan.TaskRef]bool{},
		ready: make(chan struct{}), finished: make(chan *proto.TaskFinished, 1), ended: make(chan struct{}),
	}
	if c.stream, err = proto.NewAgentClient(client).Run(ctx); err == nil {
		err = c.stream.Send(&proto.RunRequest{Request: &proto.RunRequest_Start{Start: start}})
	}
	if err != nil {
		cancel()
		return nil, errors.Join(fmt.Errorf("give the tasks to its agent: %w", err), client.Close(), conn.Close())
	}
	c.reading.Go(c.receive)
	if usesFiles(start) && parent.Files != nil {
		c.reading.Go(func() { c.relayFiles(ctx) })
	}
	return c, nil
}

// run runs a task in the child agent, and returns its result.
func (c *child) run(ctx context.Context, task *proto.Task) *proto.TaskFinished {
	if limit := task.GetTimeout().AsDuration(); limit > 0 {
		// The child agent has the same limit. This one is for a child agent that does not keep it.
		var stop context.CancelFunc
		ctx, stop = context.WithTimeoutCause(ctx, limit+childGrace, agent.TaskTimeout{Limit: limit})
		defer stop()
	}
	name := plan.Ref(task.GetGroup(), task.GetName())
	c.begin(name, c.parent.Unseen(task))
	c.skipOthers()
	if task.GetStdin() && c.parent.Input != nil {
		defer c.feed()()
	}
	c.send(&proto.RunRequest{Request: &proto.RunRequest_Release{Release: &proto.Release{Group: name.Group, Task: name.Task}}})
	select {
	case finished := <-c.finished:
		return finished
	case <-c.ended:
		return c.lost()
	case <-ctx.Done():
	}
	c.send(&proto.RunRequest{Request: &proto.RunRequest_Cancel{Cancel: &proto.Cancel{Reason: context.Cause(ctx).Error()}}})
	select {
	case finished := <-c.finished:
		return finished
	case <-c.ended:
	case <-time.After(childGrace):
	}
	// The child agent gets no other task: it did not end this one.
	c.cancel()
	<-c.ended
	select {
	case <-c.finished:
	default:
	}
	finished := &proto.TaskFinished{}
	agent.Interrupted(ctx, finished)
	return finished
}

// feed passes the operator's standard input to the child agent until the returned function is called, which waits for
// the copy to end.
func (c *child) feed() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var feeding sync.WaitGroup
	feeding.Go(func() {
		if err := c.sendInput(ctx); !errors.Is(err, proto.ErrInputUnwanted) && ctx.Err() == nil {
			// Otherwise its task would wait for ever.
			c.cancel()
		}
	})
	return func() {
		cancel()
		feeding.Wait()
	}
}

// sendInput sends the standard input, after the child agent has got the run that it belongs to.
func (c *child) sendInput(ctx context.Context) error {
	select {
	case <-c.ready:
	case <-c.ended:
		return proto.ErrInputUnwanted
	case <-ctx.Done():
		return ctx.Err()
	}
	sender, err := proto.SendInput(ctx, proto.NewAgentClient(c.client), c.parent.Start.GetRunId(), c.parent.Start.GetHost())
	if err != nil {
		return err
	}
	if broken, ok := errors.AsType[agent.InputBroken](c.parent.Input(sender, ctx.Done())); ok {
		// The child agent ends the task, and then the stream, with this reason.
		return cmp.Or(sender.Break(broken.Why), proto.ErrInputUnwanted)
	}
	return sender.Wait()
}

func (c *child) begin(name plan.TaskRef, warning string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current, c.warning = name, warning
	c.begun[name] = true
}

// skipOthers tells the child agent which of its tasks will not run, because it runs groups one after the other.
func (c *child) skipOthers() {
	for _, name := range c.parent.Settled() {
		if c.tasks[name] && !c.hasBegun(name) && !c.skipped[name] {
			c.skipped[name] = true
			c.send(&proto.RunRequest{Request: &proto.RunRequest_Skip{Skip: &proto.Skip{Group: name.Group, Task: name.Task, Reason: "skipped"}}})
		}
	}
}

// send sends a request to the child agent. If the child agent is gone, receive gets the reason.
func (c *child) send(request *proto.RunRequest) { _ = c.stream.Send(request) }

// lost returns the result of a task whose child agent ended first.
func (c *child) lost() *proto.TaskFinished {
	select {
	case finished := <-c.finished:
		return finished
	default:
	}
	return &proto.TaskFinished{
		Outcome: proto.TaskFinished_LOST,
		Message: fmt.Sprintf("what ran it as %s has ended, and how the task ended is not known: %v", c.user, c.err),
	}
}

// receive passes on the child agent's events of its tasks, with this agent's numbers.
func (c *child) receive() {
	defer close(c.ended)
	for {
		event, err := c.stream.Recv()
		if err != nil {
			c.err = plainStatus(err)
			return
		}
		name := plan.Ref(event.GetGroup(), event.GetTask())
		switch kind := event.GetKind().(type) {
		case *proto.Event_Hello:
			c.readyOnce.Do(func() { close(c.ready) })
		case *proto.Event_Done:
			c.err, c.stopped = errors.New("it stopped"), int(kind.Done.GetStopped())
			if failure := kind.Done.GetFailure(); failure != nil {
				c.err = errors.New(failure.GetReason())
			}
			return
		case *proto.Event_TaskStarted, *proto.Event_Output, *proto.Event_Log, *proto.Event_Change, *proto.Event_SetupReport:
			if c.hasBegun(name) {
				c.parent.Emit(&proto.Event{Group: event.GetGroup(), Task: event.GetTask(), Kind: event.GetKind()})
			}
			if event.GetTaskStarted() != nil {
				c.warn(name)
			}
		case *proto.Event_TaskFinished:
			if c.settle(name) {
				c.finished <- kind.TaskFinished
			}
		}
	}
}

// warn logs the warning of the task, when that is the current one. Before a task has started, its log takes nothing.
func (c *child) warn(name plan.TaskRef) {
	c.mu.Lock()
	warning := c.warning
	if c.current != name {
		warning = ""
	}
	c.mu.Unlock()
	if warning != "" {
		log := &proto.Log{Level: proto.Log_WARN, Message: warning}
		c.parent.Emit(&proto.Event{Group: name.Group, Task: name.Task, Kind: &proto.Event_Log{Log: log}})
	}
}

func (c *child) hasBegun(name plan.TaskRef) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.begun[name]
}

// settle reports whether the task is the current one. A task ends only once.
func (c *child) settle(name plan.TaskRef) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != name {
		return false
	}
	c.current = plan.TaskRef{}
	return true
}

// plainStatus returns why a stream ended, without gRPC's prefix.
func plainStatus(err error) error {
	text := status.Convert(err).Message()
	if _, inner, found := strings.Cut(text, "desc = "); found {
		text = strings.Trim(inner, `"`)
	}
	return errors.New(text)
}

// close ends the child agent and waits until it and all that it started is gone. It may first say how many processes it stopped.
func (c *child) close() {
	c.send(&proto.RunRequest{Request: &proto.RunRequest_Cancel{Cancel: &proto.Cancel{Reason: "the run has ended"}}})
	select {
	case <-c.ended:
	case <-time.After(childGrace):
	}
	c.cancel()
	// An error would change nothing.
	_ = c.client.Close()
	c.reading.Wait()
}
