package runner_test

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"

	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
)

// fakes are agents that answer as a test tells them, for what real ones never do. They are a runner.Connector.
type fakes struct {
	// answer plays the agent of the named host.
	answer func(host string, start *proto.Start, stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error
	// via is how they are reached; UNKNOWN: as persistent agents.
	via proto.HostConnected_Via

	mu             sync.Mutex
	connected, top int
}

func (f *fakes) Connect(_ context.Context, target inventory.Target, _ func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	near, far := net.Pipe()
	server := grpc.NewServer(
		grpc.WaitForHandlers(true),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}),
	)
	proto.RegisterAgentServer(server, &fakeAgent{f: f, host: target.Name})
	listener := &oneConn{conns: make(chan net.Conn, 1), closed: make(chan struct{})}
	listener.conns <- far
	conn := &fakeConn{Conn: near, server: server, gone: sync.OnceFunc(f.gone)}
	conn.serving.Go(func() { server.Serve(listener) })
	f.mu.Lock()
	defer f.mu.Unlock()
	f.connected++
	f.top = max(f.top, f.connected)
	return conn, cmp.Or(f.via, proto.HostConnected_AGENT), nil
}

// gone counts a host that the operator has left. The agent itself may take longer to end.
func (f *fakes) gone() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.connected--
}

type fakeAgent struct {
	proto.UnimplementedAgentServer
	f    *fakes
	host string
}

func (a *fakeAgent) Run(stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	return a.f.answer(a.host, first.GetStart(), stream)
}

type fakeConn struct {
	net.Conn
	server  *grpc.Server
	serving sync.WaitGroup
	gone    func()
}

func (c *fakeConn) Close() error {
	defer c.gone()
	err := c.Conn.Close()
	c.server.Stop()
	c.serving.Wait()
	return err
}

type oneConn struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *oneConn) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}
func (l *oneConn) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *oneConn) Addr() net.Addr { return &net.UnixAddr{} }

// say sends events with the numbers that they should have.
func say(stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event], events ...*proto.Event) error {
	for i, event := range events {
		event.Seq = uint64(i + 1)
		if err := stream.Send(event); err != nil {
			return err
		}
	}
	return nil
}

func hello() *proto.Event {
	return &proto.Event{Kind: &proto.Event_Hello{Hello: &proto.Hello{Protocol: proto.ProtocolVersion}}}
}

func done() *proto.Event { return &proto.Event{Kind: &proto.Event_Done{Done: &proto.Done{}}} }

func startedTask(name string) *proto.Event {
	return &proto.Event{Group: "g", Task: name, Kind: &proto.Event_TaskStarted{TaskStarted: &proto.TaskStarted{}}}
}

func finishedTask(name string, outcome proto.TaskFinished_Outcome) *proto.Event {
	return &proto.Event{Group: "g", Task: name, Kind: &proto.Event_TaskFinished{TaskFinished: &proto.TaskFinished{Outcome: outcome}}}
}

// runOn runs one task "t" on the named hosts.
func runOn(t *testing.T, f *fakes, forks int, sink runner.Sink, hosts ...string) *state.Run {
	t.Helper()
	task := &plan.Task{Name: "t", Action: plan.Shell{Line: "true"}}
	group := &plan.Group{Name: "g", Tasks: []*plan.Task{task}}
	job := runner.Job{Group: group, Task: task}
	for _, host := range hosts {
		job.Targets = append(job.Targets, inventory.Target{Name: host, Address: host})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	result, err := runner.Run(ctx, runner.Config{
		ID: "test", Plan: &plan.Plan{File: "f", Groups: []*plan.Group{group}}, Jobs: []runner.Job{job},
		Connector: f, Forks: forks, AnswerTimeout: time.Minute, Sinks: []runner.Sink{sink},
	})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestHostileAgent has agents say what is not theirs to say. Each is given up, and nothing that it forged is believed.
func TestHostileAgent(t *testing.T) {
	for name, test := range map[string]struct {
		events []*proto.Event
		state  state.State
	}{
		"the end of the run":      {[]*proto.Event{hello(), {Kind: &proto.Event_RunFinished{RunFinished: &proto.RunFinished{}}}}, state.Lost},
		"a run of its own":        {[]*proto.Event{hello(), {Kind: &proto.Event_RunStarted{RunStarted: &proto.RunStarted{Id: "forged"}}}}, state.Lost},
		"its own success":         {[]*proto.Event{hello(), {Kind: &proto.Event_HostFinished{HostFinished: &proto.HostFinished{State: proto.HostFinished_SUCCESS}}}}, state.Lost},
		"a task that is not its":  {[]*proto.Event{hello(), finishedTask("other", proto.TaskFinished_SUCCESS)}, state.Lost},
		"a task twice":            {[]*proto.Event{hello(), startedTask("t"), startedTask("t")}, state.Lost},
		"an end twice":            {[]*proto.Event{hello(), finishedTask("t", proto.TaskFinished_SUCCESS), finishedTask("t", proto.TaskFinished_SUCCESS)}, state.Lost},
		"output of no task":       {[]*proto.Event{hello(), {Kind: &proto.Event_Output{Output: &proto.Output{}}}}, state.Lost},
		"a change of no task":     {[]*proto.Event{hello(), {Kind: &proto.Event_Change{Change: &proto.Change{What: "/etc/motd"}}}}, state.Lost},
		"a change before a start": {[]*proto.Event{hello(), {Group: "g", Task: "t", Kind: &proto.Event_Change{Change: &proto.Change{}}}}, state.Lost},
		"nothing of its task":     {[]*proto.Event{hello(), done()}, state.Lost},
		"an event without a kind": {[]*proto.Event{hello(), {}}, state.Lost},
		"an outcome unheard of":   {[]*proto.Event{hello(), finishedTask("t", 99), done()}, state.Failed},
		"a failure ignored by itself": {[]*proto.Event{hello(), func() *proto.Event {
			e := finishedTask("t", proto.TaskFinished_FAILED)
			e.GetTaskFinished().Ignored = true
			return e
		}(), done()}, state.Failed},
		"no greeting": {[]*proto.Event{startedTask("t")}, state.Lost},
		"nothing":     {nil, state.Lost},
		"the name of another host": {[]*proto.Event{hello(), startedTask("t"), func() *proto.Event {
			e := finishedTask("t", proto.TaskFinished_FAILED)
			e.Host = "honest"
			return e
		}(), done()}, state.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fakes{answer: func(host string, _ *proto.Start, stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
				if host == "honest" {
					return say(stream, hello(), startedTask("t"), finishedTask("t", proto.TaskFinished_SUCCESS), done())
				}
				return say(stream, test.events...)
			}}
			result := runOn(t, f, 0, new(recorder), "honest", "hostile")
			if ended := result.Host("honest").State; ended != state.Success {
				t.Errorf("the honest host is %s", ended)
			}
			if host := result.Host("hostile"); host.State != test.state {
				t.Errorf("the hostile host is %s (%v), want %s", host.State, host.Failure, test.state)
			}
			if result.ID != "test" || !result.Finished || result.ExitStatus == 0 {
				t.Errorf("the run is %q, finished: %v, exit status %d", result.ID, result.Finished, result.ExitStatus)
			}
		})
	}
}

func TestEventsAreNumbered(t *testing.T) {
	f := &fakes{answer: func(_ string, _ *proto.Start, stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
		if err := say(stream, hello()); err != nil {
			return err
		}
		gap := startedTask("t")
		gap.Seq = 3
		return stream.Send(gap)
	}}
	result := runOn(t, f, 0, new(recorder), "h")
	if got, want := result.Hosts[0].Failure.GetReason(), "event 3 came where 2 was due"; result.Hosts[0].State != state.Lost || got != want {
		t.Errorf("host is %s: %q, want %q", result.Hosts[0].State, got, want)
	}
}

func TestForksBoundHostsAtWork(t *testing.T) {
	f := &fakes{answer: func(_ string, _ *proto.Start, stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
		time.Sleep(5 * time.Millisecond) // long enough for others to overlap, if they may
		return say(stream, hello(), startedTask("t"), finishedTask("t", proto.TaskFinished_SUCCESS), done())
	}}
	if result := runOn(t, f, 3, new(recorder), names(30)...); result.Count(state.Success) != 30 {
		t.Errorf("%d hosts succeeded", result.Count(state.Success))
	}
	if f.top > 3 {
		t.Errorf("%d hosts were at work at once", f.top)
	}
}

// TestSilentHostHoldsUpNobody has one host that never answers among hosts that do.
func TestSilentHostHoldsUpNobody(t *testing.T) {
	finished := make(chan struct{})
	var others sync.WaitGroup
	others.Add(20)
	sink := &recorder{onEvent: func(e *proto.Event) {
		if e.GetHostFinished() != nil && e.GetHost() != "silent" {
			others.Done()
		}
	}}
	f := &fakes{answer: func(host string, _ *proto.Start, stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
		if host == "silent" {
			<-finished
			return nil
		}
		return say(stream, hello(), startedTask("t"), finishedTask("t", proto.TaskFinished_SUCCESS), done())
	}}
	go func() {
		others.Wait()
		close(finished)
	}()
	result := runOn(t, f, 0, sink, append(names(20), "silent")...)
	if host := result.Host("silent"); host.State != state.Lost || host.Failure.GetStage() != proto.Failure_ANSWER {
		t.Errorf("the silent host is %s: %v", host.State, host.Failure)
	}
}

func names(n int) []string {
	hosts := make([]string, n)
	for i := range hosts {
		hosts[i] = fmt.Sprintf("h%03d", i)
	}
	return hosts
}
