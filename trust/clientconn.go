package trust

import (
	"errors"
	"net"
	"syscall"
	"time"

	"sloth-runner/internal/fault"
)

// ClientConn is a client's TLS connection that says in plain words why the other side refuses its certificate: with TLS 1.3
// that comes after the handshake, in the place of the first answer (RFC 8446, section 2).
type ClientConn struct{ net.Conn }

// refusalLimit is how long a connection that broke is read for why. What the other side sent before it closed is here.
const refusalLimit = time.Second

// Read implements net.Conn.
func (c *ClientConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		err = Plain(err)
	}
	return n, err
}

// Write implements net.Conn. Where the other side closed the connection behind its refusal, the error is that.
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

// refusal reads to the end of a broken connection, and returns why it broke; nil: that is not said.
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
