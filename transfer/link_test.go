package transfer_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	protobuf "google.golang.org/protobuf/proto"

	"sloth-runner/proto"
	"sloth-runner/transfer/client"
	"sloth-runner/transfer/offer"
	"sloth-runner/transfer/store"
)

// pipe is one direction of a stream in memory. Messages are encoded, as on a wire, and arrive when the line has them.
type pipe struct {
	line *line // nil: at once
	mu   sync.Mutex
	// moved counts bytes; after cut, sending fails.
	moved, cut int
	messages   chan encodedMessage
	closed     chan struct{}
	once       sync.Once
}

type encodedMessage struct {
	data    []byte
	arrives time.Time
}

func newPipe(l *line) *pipe {
	return &pipe{line: l, messages: make(chan encodedMessage, 100_000), closed: make(chan struct{})}
}

func (p *pipe) close() { p.once.Do(func() { close(p.closed) }) }

var errCut = errors.New("the connection was cut")

func (p *pipe) send(m protobuf.Message) error {
	data, err := protobuf.Marshal(m)
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.moved += len(data)
	cut := p.cut > 0 && p.moved > p.cut
	p.mu.Unlock()
	if cut {
		p.close()
		return errCut
	}
	message := encodedMessage{data: data}
	if p.line != nil {
		message.arrives = p.line.send(len(data))
	}
	select {
	case <-p.closed:
		return errCut
	case p.messages <- message:
		return nil
	}
}

func (p *pipe) recv(m protobuf.Message) error {
	var message encodedMessage
	select {
	case message = <-p.messages:
	case <-p.closed:
		// What was sent before arrives.
		select {
		case message = <-p.messages:
		default:
			return io.EOF
		}
	}
	if p.line != nil {
		time.Sleep(time.Until(message.arrives))
	}
	return protobuf.Unmarshal(message.data, m)
}

// ends are the two ends of a Files call in memory.
type ends struct {
	down, up *pipe
	// onOffer is called when the host has offered a file; nil: nothing is.
	onOffer func()
}

func (e *ends) close() { e.down.close(); e.up.close() }

type operatorEnd struct{ *ends }

func (e operatorEnd) Send(m *proto.FilesFromOperator) error { return e.down.send(m) }
func (e operatorEnd) Recv() (*proto.FilesFromHost, error) {
	m := &proto.FilesFromHost{}
	return m, e.up.recv(m)
}

type hostEnd struct{ *ends }

func (e hostEnd) Send(m *proto.FilesFromHost) error {
	if m.GetOffer() != nil && e.onOffer != nil {
		e.onOffer()
	}
	return e.up.send(m)
}
func (e hostEnd) Recv() (*proto.FilesFromOperator, error) {
	m := &proto.FilesFromOperator{}
	return m, e.down.recv(m)
}

// connect serves a host over a link, and returns the host's end of it.
func connect(t testing.TB, server *offer.Server, host string, e *ends) *client.Client {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		_ = server.Serve(ctx, operatorEnd{e}, "run", host) // a test that needs it looks itself
		e.close()
	})
	first, err := (hostEnd{e}).Recv()
	if e.down.cut == 0 && (err != nil || first.GetOpen().GetRunId() != "run" || first.GetOpen().GetHost() != host) {
		t.Errorf("the call begins with %v, %v", first, err)
	}
	c := client.New(hostEnd{e})
	serving.Go(func() { _ = c.Run(); e.close() })
	t.Cleanup(func() {
		e.close()
		cancel()
		serving.Wait()
	})
	return c
}

func newEnds(down *line) *ends { return &ends{down: newPipe(down), up: newPipe(nil)} }

// project is what a test offers: a directory under "files".
type project struct {
	dir    string
	server *offer.Server
	events *events
}

// events are what was reported.
type events struct {
	mu  sync.Mutex
	all []*proto.HostFile
}

func (e *events) add(_ string, file *proto.HostFile) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, protobuf.Clone(file).(*proto.HostFile))
}

// last returns the last event of a file.
func (e *events) last(path string) *proto.HostFile {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := len(e.all) - 1; i >= 0; i-- {
		if e.all[i].GetPath() == path {
			return e.all[i]
		}
	}
	return nil
}

func newProject(t testing.TB) *project {
	t.Helper()
	p := &project{dir: t.TempDir(), events: &events{}}
	roots := &offer.Roots{}
	if err := roots.AddDir("files", filepath.Join(p.dir, "files")); err != nil {
		t.Fatal(err)
	}
	p.serve(t, roots)
	return p
}

func (p *project) serve(t testing.TB, roots *offer.Roots) {
	library := offer.NewLibrary(roots)
	t.Cleanup(library.Close)
	p.server = &offer.Server{Library: library, Report: p.events.add}
}

func (p *project) write(t testing.TB, name string, data []byte) {
	t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func newStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "cache"), store.DefaultLimit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// overGRPC serves a host over real gRPC, on a TCP connection on this machine.
func overGRPC(t testing.TB, server *offer.Server, host string) *client.Client {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	clients := make(chan *client.Client, 1)
	grpcServer := grpc.NewServer(grpc.StaticStreamWindowSize(8<<20), grpc.StaticConnWindowSize(16<<20))
	proto.RegisterAgentServer(grpcServer, agent{clients: clients})
	var serving sync.WaitGroup
	serving.Go(func() { _ = grpcServer.Serve(listener) })
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithStaticStreamWindowSize(8<<20), grpc.WithStaticConnWindowSize(16<<20))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stream, err := proto.NewAgentClient(conn).Files(ctx)
	if err != nil {
		t.Fatal(err)
	}
	serving.Go(func() { _ = server.Serve(ctx, stream, "run", host) })
	t.Cleanup(func() {
		cancel()
		_ = conn.Close()
		grpcServer.Stop()
		serving.Wait()
	})
	return <-clients
}

// agent is one that serves nothing but files.
type agent struct {
	proto.UnimplementedAgentServer
	clients chan<- *client.Client
}

func (a agent) Files(stream grpc.BidiStreamingServer[proto.FilesFromOperator, proto.FilesFromHost]) error {
	if _, err := stream.Recv(); err != nil {
		return err
	}
	c := client.New(stream)
	a.clients <- c
	return c.Run()
}
