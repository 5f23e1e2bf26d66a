package agent

import (
	"context"
	"net"
	"sync"
	"time"

	"sloth-runner/internal/rpc"
)

// StopLimit limits how long handlers may take to end after their connection was closed. At that point only Lua code in
// one long built-in function can be left of a task, which can't be interrupted.
const StopLimit = 3 * time.Second

// ServeConn serves one connection until it is closed or ctx ends. It returns when all that its runs started has ended.
func (s *Service) ServeConn(ctx context.Context, conn net.Conn) {
	server := s.NewServer(rpc.Agent)
	listener := newSingleListener(conn)
	var serving sync.WaitGroup
	serving.Go(func() {
		// Serve returns when Stop closes the listener; there is no other error.
		_ = server.Serve(listener)
	})
	select {
	case <-listener.ended:
	case <-ctx.Done():
	}
	stopped := make(chan struct{})
	serving.Go(func() {
		defer close(stopped)
		server.Stop()
	})
	select {
	case <-stopped:
		serving.Wait()
		s.receivers.Wait()
	case <-time.After(StopLimit):
		s.killAll()
	}
}

// singleListener accepts one connection, and then blocks until it is closed.
type singleListener struct {
	addr  net.Addr
	conns chan net.Conn
	// ended is closed when the connection is closed.
	ended  chan struct{}
	closed chan struct{}
	once   sync.Once
}

func newSingleListener(conn net.Conn) *singleListener {
	l := &singleListener{addr: conn.LocalAddr(), conns: make(chan net.Conn, 1), ended: make(chan struct{}), closed: make(chan struct{})}
	l.conns <- &watchedConn{Conn: conn, ended: l.ended}
	return l
}

func (l *singleListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *singleListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *singleListener) Addr() net.Addr { return l.addr }

// watchedConn is a connection that reports when it is closed.
type watchedConn struct {
	net.Conn
	ended chan struct{}
	once  sync.Once
}

func (c *watchedConn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() { close(c.ended) })
	return err
}
