package client

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc"

	"sloth-runner/internal/duplex"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
)

const (
	// partSize bounds the bytes in one part of a tunnel.
	partSize = 32 << 10
	// drainTimeout is how long the last bytes of a closed end may take to leave.
	drainTimeout = time.Second
)

type tunnelStream = grpc.BidiStreamingClient[proto.TunnelPart, proto.TunnelPart]

// Call is an operator's connection to an agent that can't be reached, through the master. What goes through it should be
// TLS with the agent. It lasts no longer than ctx and must be closed.
func (m *Masters) Call(ctx context.Context, agent string) (net.Conn, error) {
	return m.tunnel(ctx, agent, &proto.TunnelPart{Agent: agent})
}

// Take is the agent's end of a call.
func (m *Masters) Take(ctx context.Context, number string) (net.Conn, error) {
	return m.tunnel(ctx, "operator", &proto.TunnelPart{Call: number})
}

// Through opens an end and has splice use it for as long as that takes. It is for whoever passes on a call.
func (m *Masters) Through(ctx context.Context, first *proto.TunnelPart, splice func(context.Context, proto.Registry_TunnelClient) error) error {
	return m.Stream(ctx, func(ctx context.Context, client proto.RegistryClient) error {
		// What was not read when splice has returned is of no use to anybody.
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := openTunnel(ctx, client, first)
		if err != nil {
			return err
		}
		return splice(ctx, stream)
	})
}

// tunnel opens an end. The call to the master lasts as long as the connection.
func (m *Masters) tunnel(ctx context.Context, name string, first *proto.TunnelPart) (net.Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	end := &tunnelEnd{cancel: cancel, over: make(chan struct{})}
	opened, failed := make(chan struct{}), make(chan error, 1)
	var once sync.Once
	end.done.Go(func() {
		failed <- m.Stream(ctx, func(ctx context.Context, client proto.RegistryClient) error {
			stream, err := openTunnel(ctx, client, first)
			if err != nil {
				return err
			}
			end.stream = stream
			once.Do(func() { close(opened) })
			// From here on errors are the reader's and the writer's.
			<-ctx.Done()
			return nil
		})
	})
	select {
	case <-opened:
		return duplex.New(duplex.Config{Reader: end, Writer: end, Close: end.close, WrapError: wrapTunnelError, Name: name}), nil
	case err := <-failed:
		cancel()
		end.done.Wait()
		return nil, err
	}
}

// openTunnel returns when the other end is there too.
func openTunnel(ctx context.Context, client proto.RegistryClient, first *proto.TunnelPart) (tunnelStream, error) {
	stream, err := client.Tunnel(ctx)
	if err != nil {
		return nil, err
	}
	// Why sending failed is what Recv returns.
	if err := stream.Send(first); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if _, err := stream.Recv(); err != nil {
		return nil, err
	}
	return stream, nil
}

// tunnelEnd reads and writes a stream of parts. One goroutine reads and one writes.
type tunnelEnd struct {
	stream   tunnelStream
	cancel   context.CancelFunc
	rest     []byte
	over     chan struct{} // closed when nothing more comes
	overOnce sync.Once
	done     sync.WaitGroup
}

func (e *tunnelEnd) Read(p []byte) (int, error) {
	for len(e.rest) == 0 {
		part, err := e.stream.Recv()
		if err == nil && part.GetEnd() {
			err = io.EOF
		}
		if err != nil {
			e.overOnce.Do(func() { close(e.over) })
			return 0, err
		}
		e.rest = part.GetData()
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func (e *tunnelEnd) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		data := p[written:min(len(p), written+partSize)]
		if err := e.stream.Send(&proto.TunnelPart{Data: data}); err != nil {
			return written, err
		}
		written += len(data)
	}
	return written, nil
}

// close says that nothing more comes, and lets what was written arrive: a stream that is cancelled loses it.
func (e *tunnelEnd) close() error {
	if e.stream.CloseSend() == nil {
		timer := time.NewTimer(drainTimeout)
		defer timer.Stop()
		select {
		case <-e.over:
		case <-timer.C:
		}
	}
	e.cancel()
	e.done.Wait()
	return nil
}

// wrapTunnelError says why a tunnel ended.
func wrapTunnelError(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	wrapped, _ := (&link{conn: &watchedConn{}}).wrap(err)
	var known *fault.Error
	if errors.As(wrapped, &known) {
		return &fault.Error{Stage: fault.Lost, Err: known.Err, Hint: known.Hint, Temporary: true}
	}
	return wrapped
}
