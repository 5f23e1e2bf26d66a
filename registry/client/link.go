package client

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/rpc"
	"sloth-runner/proto"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

// dialTimeout bounds how long a master has to take a connection, TLS included.
const dialTimeout = 10 * time.Second

const hintConnect = "check that the master runs there (sloth-runner master start), and that no firewall is in between"

// dialer opens the connection under a link.
type dialer func(ctx context.Context, address string) (net.Conn, error)

// overTLS dials TCP and checks with whom it speaks before gRPC has a say, so that errors keep their kind.
func overTLS(config func() *tls.Config) dialer {
	return func(ctx context.Context, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, dialTimeout)
		defer cancel()
		raw, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err != nil {
			return nil, failedToConnect(address, err)
		}
		conn := tls.Client(raw, config())
		if err := conn.HandshakeContext(ctx); err != nil {
			// Nothing was sent yet that closing could lose.
			_ = raw.Close()
			return nil, unauthenticated(address, err)
		}
		return conn, nil
	}
}

// onSocket dials the administrator's socket.
func onSocket(ctx context.Context, path string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return nil, failedToConnect(path, err)
	}
	return conn, nil
}

func failedToConnect(address string, err error) error {
	return &fault.Error{Stage: fault.Connect, Host: address, Err: fault.FailedToConnect(address, err), Hint: hintConnect, Temporary: true}
}

// unauthenticated says why TLS did not come to be. Time that ran out, and a connection that broke, are no refusal.
func unauthenticated(address string, err error) error {
	plain := trust.Plain(err)
	var known *fault.Error
	if !errors.As(plain, &known) && plain == err {
		return failedToConnect(address, err)
	}
	return &fault.Error{Stage: fault.Authenticate, Host: address, Err: plain}
}

// link is a connection to a master, and the gRPC client on it. One that breaks is not taken up again.
type link struct {
	address string
	conn    *watchedConn
	client  *grpc.ClientConn
	// calls are those under way, and retired says that the last of them closes the link; see Masters.release.
	calls   int
	retired bool
}

func newLink(address string, conn net.Conn) (*link, error) {
	watched := &watchedConn{Conn: &trust.ClientConn{Conn: conn}}
	client, err := rpc.Client(watched, rpc.Member)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &link{address: address, conn: watched, client: client}, nil
}

func (l *link) registry() proto.RegistryClient { return proto.NewRegistryClient(l.client) }

func (l *link) close() {
	// All that was wanted from them has come.
	_ = l.client.Close()
	_ = l.conn.Close()
}

// wrap says why a call on the link failed. broken tells that the link is of no further use, and that another master
// may do better.
func (l *link) wrap(err error) (wrapped error, broken bool) {
	if answer, ok := authz.FromStatus(err); ok {
		answer.Host = l.address
		answer.Temporary = status.Code(err) == codes.Unavailable
		return answer, answer.Temporary
	}
	if cause := l.conn.cause(); cause != nil {
		return unauthenticated(l.address, cause), true
	}
	text := status.Convert(err).Message()
	switch status.Code(err) {
	case codes.Unavailable:
		return &fault.Error{Stage: fault.Connect, Host: l.address, Err: errors.New(innerText(text)), Hint: hintConnect, Temporary: true}, true
	case codes.DeadlineExceeded:
		return failedToConnect(l.address, context.DeadlineExceeded), true
	case codes.Canceled:
		return context.Canceled, false
	}
	return &fault.Error{Host: l.address, Err: errors.New(text)}, false
}

// innerText leaves out the layers of its own words in which gRPC reports what happened.
func innerText(text string) string {
	if strings.Contains(text, "keepalive") {
		return "the master stopped answering"
	}
	if at := strings.LastIndex(text, "desc = "); at >= 0 {
		text = strings.Trim(text[at+len("desc = "):], `"`)
	}
	return text
}

// watchedConn remembers why it stopped working: gRPC passes on only a part of it, and a master that refuses a certificate
// says so in an alert that comes after the handshake (RFC 8446, section 2).
type watchedConn struct {
	net.Conn
	mu  sync.Mutex
	err error
}

func (c *watchedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.remember(err)
	return n, err
}

func (c *watchedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if _, ok := errors.AsType[*fault.Error](err); ok { // a refusal; else the reader knows better why it broke
		c.remember(err)
	}
	return n, err
}

func (c *watchedConn) remember(err error) {
	if err == nil || errors.Is(err, net.ErrClosed) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
}

func (c *watchedConn) cause() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}
