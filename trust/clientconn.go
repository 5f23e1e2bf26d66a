package trust

import (
	"errors"
	"net"
	"syscall"
	"time"

	"sloth-runner/internal/fault"
)

// ClientConn is a client's TLS connection whose errors say why the server refuses its certificate. With TLS 1.3 the
// refusal arrives after the handshake, instead of the first answer (RFC 8446, section 2).
type ClientConn struct{ net.Conn }

// refusalLimit limits the search for the refusal on a broken connection. What the server sent before it closed has
// arrived already.
const refusalLimit = time.Second

// Read implements net.Conn.
func (c *ClientConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		err = Plain(err)
	}
	return n, err
}

// Write implements net.Conn. When the server has refused and closed the connection, the error is the refusal.
func (c *ClientConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
		return n, err
	}
	if refusal := c.refusal(); refusal != nil {
		err = refusal
	}
	return n, err
}

// refusal reads to the end of a broken connection and returns the server's refusal, or nil when there is none.
func (c *ClientConn) refusal() error {
	if err := c.SetReadDeadline(time.Now().Add(refusalLimit)); err != nil {
		return nil
	}
	for left := make([]byte, 4096); ; {
		_, err := c.Read(left)
		if _, ok := errors.AsType[*fault.Error](err); ok {
			return err
		}
		if err != nil {
			return nil
		}
	}
}
