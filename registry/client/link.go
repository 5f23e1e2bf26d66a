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

// dialTimeout limits connecting to a master, including TLS.
const dialTimeout = 10 * time.Second

const hintConnect = "check that the master runs there (sloth-runner master start), and that no firewall is in between"

// dialer opens the connection of a link.
type dialer func(ctx context.Context, address string) (net.Conn, error)

// overTLS dials TCP and makes the TLS handshake before gRPC uses the connection, so that errors keep their type.
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
			// Nothing was sent yet that could be lost.
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

// unauthenticated returns the error of a TLS handshake. A timeout or a broken connection is not a refusal.
func unauthenticated(address string, err error) error {
	plain := trust.Plain(err)
	var known *fault.Error
	if !errors.As(plain, &known) && plain == err {
		return failedToConnect(address, err)
	}
	return &fault.Error{Stage: fault.Authenticate, Host: address, Err: plain}
}

// link is a connection to a master with its gRPC client. A broken link is not reconnected.
type link struct {
	address string
	conn    *watchedConn
	client  *grpc.ClientConn
	// calls is the number of calls in progress. retired says that the last of them closes the link; see
	// Masters.release.
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
	// All that was wanted from them has arrived.
	_ = l.client.Close()
	_ = l.conn.Close()
}

// wrap returns the cause of a failed call. broken says that the link can't be used any more, and that another master
// may answer.
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

// innerText removes the texts with which gRPC's layers wrap an error.
func innerText(text string) string {
	if strings.Contains(text, "keepalive") {
		return "the master stopped answering"
	}
	if at := strings.LastIndex(text, "desc = "); at >= 0 {
		text = strings.Trim(text[at+len("desc = "):], `"`)
	}
	return text
}

// watchedConn keeps the error with which it broke, because gRPC passes on only a part of it. A master refuses a
// certificate with an alert after the handshake (RFC 8446, section 2).
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
	if _, ok := errors.AsType[*fault.Error](err); ok { // a refusal; otherwise the reader's error says more
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
