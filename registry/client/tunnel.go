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
	// partSize limits the bytes in one part of a tunnel.
	partSize = 32 << 10
	// drainTimeout limits how long the last bytes of a closed end may take to be sent.
	drainTimeout = time.Second
)

type tunnelStream = grpc.BidiStreamingClient[proto.TunnelPart, proto.TunnelPart]

// Call opens an operator's connection to an agent that accepts none, through the master. The traffic in it should be
// TLS with the agent. It ends with ctx at the latest, and must be closed.
func (m *Masters) Call(ctx context.Context, agent string) (net.Conn, error) {
	return m.tunnel(ctx, agent, &proto.TunnelPart{Agent: agent})
}

// Take opens the agent's end of a call.
func (m *Masters) Take(ctx context.Context, number string) (net.Conn, error) {
	return m.tunnel(ctx, "operator", &proto.TunnelPart{Call: number})
}

// Through opens an end and runs splice with it, to forward a call.
func (m *Masters) Through(ctx context.Context, first *proto.TunnelPart, splice func(context.Context, proto.Registry_TunnelClient) error) error {
	return m.Stream(ctx, func(ctx context.Context, client proto.RegistryClient) error {
		// Data that splice has not read is discarded.
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
			// From here on the reader and the writer report errors.
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

// openTunnel returns when the other end is connected.
func openTunnel(ctx context.Context, client proto.RegistryClient, first *proto.TunnelPart) (tunnelStream, error) {
	stream, err := client.Tunnel(ctx)
	if err != nil {
		return nil, err
	}
	// The error of Recv says why sending failed.
	if err := stream.Send(first); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if _, err := stream.Recv(); err != nil {
		return nil, err
	}
	return stream, nil
}

// tunnelEnd reads and writes a stream of parts. It has one reading and one writing goroutine.
type tunnelEnd struct {
	stream   tunnelStream
	cancel   context.CancelFunc
	rest     []byte
	over     chan struct{} // closed at the end of the stream
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

// close ends this direction, and waits until written bytes have been sent: cancelling a stream would lose them.
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

// wrapTunnelError returns the cause of the end of a tunnel.
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
