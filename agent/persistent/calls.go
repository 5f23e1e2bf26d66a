package persistent

import (
	"net"
	"sync"
)

// callListener returns the connections of operators who come through the master. It is a net.Listener.
type callListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newCallListener() *callListener {
	return &callListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

// hand passes a connection to Accept, or closes it if the listener is closed.
func (l *callListener) hand(conn net.Conn) {
	select {
	case l.conns <- conn:
	case <-l.closed:
		_ = conn.Close() // the result is not needed
	}
}

func (l *callListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *callListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *callListener) Addr() net.Addr { return callAddr{} }

// callAddr is the address of a callListener. It is not a network address.
type callAddr struct{}

func (callAddr) Network() string { return "master" }
func (callAddr) String() string  { return "through the master" }
