package main

import (
	"context"
	"net"
	"sync"

	"google.golang.org/grpc"

	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// fakeAgents implement runner.Connector. They report that all tasks ran, and run none.
type fakeAgents struct {
	proto.UnimplementedAgentServer
	server  *grpc.Server
	conns   chan net.Conn
	closed  chan struct{}
	serving sync.WaitGroup
}

func newFakeAgents() *fakeAgents {
	f := &fakeAgents{server: grpc.NewServer(), conns: make(chan net.Conn), closed: make(chan struct{})}
	proto.RegisterAgentServer(f.server, f)
	// The goroutine ends with stop.
	f.serving.Go(func() { _ = f.server.Serve(f) })
	return f
}

func (f *fakeAgents) stop() {
	f.server.Stop()
	f.serving.Wait()
}

func (f *fakeAgents) Connect(context.Context, inventory.Target, func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	near, far := net.Pipe()
	f.conns <- far
	return near, proto.HostConnected_AGENT, nil
}

func (f *fakeAgents) Run(stream grpc.BidiStreamingServer[proto.RunRequest, proto.Event]) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	events := []*proto.Event{{Kind: &proto.Event_Hello{Hello: &proto.Hello{Protocol: proto.ProtocolVersion}}}}
	for _, task := range first.GetStart().GetTasks() {
		group, name := task.GetGroup(), task.GetName()
		events = append(events,
			&proto.Event{Group: group, Task: name, Kind: &proto.Event_TaskStarted{TaskStarted: &proto.TaskStarted{}}},
			&proto.Event{Group: group, Task: name, Kind: &proto.Event_Output{Output: proto.NewOutput(proto.Output_STDOUT, []byte("web-1\n"))}},
			&proto.Event{Group: group, Task: name, Kind: &proto.Event_TaskFinished{TaskFinished: &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS}}},
		)
	}
	for i, event := range append(events, &proto.Event{Kind: &proto.Event_Done{Done: &proto.Done{}}}) {
		event.Seq = uint64(i + 1)
		if err := stream.Send(event); err != nil {
			return err
		}
	}
	return nil
}

// Accept, Close and Addr implement net.Listener.
func (f *fakeAgents) Accept() (net.Conn, error) {
	select {
	case conn := <-f.conns:
		return conn, nil
	case <-f.closed:
		return nil, net.ErrClosed
	}
}

func (f *fakeAgents) Close() error {
	close(f.closed)
	return nil
}

func (f *fakeAgents) Addr() net.Addr { return &net.UnixAddr{Name: "fake"} }
