package agent

import (
	"context"
	"net"
	"sync"
	"time"
)

// StopLimit bounds how long handlers may take to end once their connection is gone: what is left of a task then
// is Lua code inside one long built-in operation, which nothing can interrupt.
const StopLimit = 3 * time.Second

// ServeConn serves one connection until it ends or ctx does, and then waits until all that its runs started is
// gone.
func (s *Service) ServeConn(ctx context.Context, conn net.Conn) {
	server := s.NewServer()
	listener := newSingleListener(conn)
	var serving sync.WaitGroup
	serving.Go(func() {
		// It returns when the listener is closed, which Stop does; there is no other error.
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

// singleListener hands out one connection and then waits until it is closed.
type singleListener struct {
	addr  net.Addr
	conns chan net.Conn
	// ended is closed when the connection is.
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

// watchedConn tells when it is closed.
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
