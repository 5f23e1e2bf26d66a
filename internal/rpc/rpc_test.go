package rpc

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// cable is a connection that can be cut: then what is written to it is lost without an error.
type cable struct {
	net.Conn
	cut chan struct{}
}

// Close of a cable that is cut is nothing that the other end sees.
func (c *cable) Close() error {
	select {
	case <-c.cut:
		return c.Conn.SetDeadline(time.Unix(1, 0))
	default:
		return c.Conn.Close()
	}
}

func (c *cable) Write(p []byte) (int, error) {
	select {
	case <-c.cut:
		return len(p), nil
	default:
		return c.Conn.Write(p)
	}
}

// one is a listener with one connection.
type one struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *one) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *one) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *one) Addr() net.Addr { return &net.UnixAddr{} }

// Of a link that is cut each end knows in the time that the table says.
func TestSilentEndIsLost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		client, server End
		notices        time.Duration // the client
		lets           time.Duration // the server
	}{
		{"run", Run, Agent, 14 * time.Second, 13 * time.Second},
		{"member", Member, Master, 30 * time.Second, 40 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cut := make(chan struct{})
				near, far := net.Pipe()
				listener := &one{conns: make(chan net.Conn, 1), closed: make(chan struct{})}
				listener.conns <- &cable{far, cut}
				service := &watched{Server: health.NewServer(), ended: make(chan time.Time, 1)}
				server := Server(c.server)
				healthpb.RegisterHealthServer(server, service)
				served := make(chan error, 1)
				go func() { served <- server.Serve(listener) }()
				client, err := Client(&cable{near, cut}, c.client)
				if err != nil {
					t.Fatal(err)
				}
				stream, err := healthpb.NewHealthClient(client).Watch(t.Context(), &healthpb.HealthCheckRequest{})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := stream.Recv(); err != nil {
					t.Fatal(err)
				}
				close(cut)
				began := time.Now()
				if _, err := stream.Recv(); err == nil {
					t.Error("something came through a cable that is cut")
				}
				// When the last byte came is known to a second only.
				if took := time.Since(began); took > c.notices+time.Second || took < c.notices-time.Second {
					t.Errorf("the client noticed after %v, want %v", took, c.notices)
				}
				if took := (<-service.ended).Sub(began); took > c.lets+time.Second || took < c.lets-time.Second {
					t.Errorf("the server noticed after %v, want %v", took, c.lets)
				}
				server.Stop()
				if err := errors.Join(client.Close(), near.Close(), far.Close(), <-served); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// watched says when a watcher is gone.
type watched struct {
	*health.Server
	ended chan time.Time
}

func (w *watched) Watch(r *healthpb.HealthCheckRequest, stream grpc.ServerStreamingServer[healthpb.HealthCheckResponse]) error {
	context.AfterFunc(stream.Context(), func() { w.ended <- time.Now() })
	return w.Server.Watch(r, stream)
}

// TestTableWins: no option of a caller widens or narrows what the table says.
func TestTableWins(t *testing.T) {
	t.Parallel()
	near, far := net.Pipe()
	listener := &one{conns: make(chan net.Conn, 1), closed: make(chan struct{})}
	listener.conns <- far
	server := Server(Master, grpc.MaxRecvMsgSize(1), grpc.MaxRecvMsgSize(1<<30))
	healthpb.RegisterHealthServer(server, health.NewServer())
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	client, err := Client(near, Member)
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int]codes.Code{128 << 10: codes.NotFound, 512 << 10: codes.ResourceExhausted} {
		_, err := healthpb.NewHealthClient(client).Check(t.Context(), &healthpb.HealthCheckRequest{Service: strings.Repeat("x", size)})
		if got := status.Code(err); got != want {
			t.Errorf("a message of %d bytes: %v, want %v", size, err, want)
		}
	}
	server.Stop()
	if err := errors.Join(client.Close(), <-served); err != nil {
		t.Error(err)
	}
}
