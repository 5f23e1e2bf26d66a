package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/rpc"
	"sloth-runner/proto"
)

// link is a connection to an agent, and the gRPC client on it.
type link struct {
	conn   *rememberingConn
	client *grpc.ClientConn
}

// newLink opens a gRPC client on a connection. close closes the connection too.
func newLink(conn net.Conn) (*link, error) {
	remembering := &rememberingConn{Conn: conn}
	client, err := rpc.Client(remembering, rpc.Run)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &link{conn: remembering, client: client}, nil
}

// open starts the RPC of a run.
func (l *link) open(ctx context.Context) (grpc.BidiStreamingClient[proto.RunRequest, proto.Event], error) {
	return proto.NewAgentClient(l.client).Run(ctx)
}

// close closes the client and the connection.
func (l *link) close() {
	// An error here has no consequence: everything has been received.
	_ = l.client.Close()
	_ = l.conn.Close()
}

// isRefusal reports whether the server has refused the plan, so that no task was started.
func isRefusal(err error) bool {
	if isTooLarge(status.Convert(err).Message()) {
		return false // this side's own status, for an event that was not accepted
	}
	switch status.Code(err) {
	case codes.Unimplemented, codes.InvalidArgument, codes.PermissionDenied, codes.Unauthenticated, codes.ResourceExhausted:
		return true
	}
	return false
}

// wrapCause returns the error of a stream with its cause: that of the context or of the connection, where one is known.
func (l *link) wrapCause(ctx context.Context, err error) error {
	switch cause := context.Cause(ctx); cause {
	case nil:
	case context.Canceled: // the cause is not in this host
		return errLeft
	default:
		return cause
	}
	if cause := l.conn.cause(); cause != nil {
		return cause
	}
	if errors.Is(err, io.EOF) {
		return errors.New("the agent ended the run too early")
	}
	return plainly(status.Convert(err).Message())
}

// plainly returns a gRPC error in words for users. The text of a peer comes without gRPC's words around it.
func plainly(text string) error {
	switch {
	case strings.Contains(text, "keepalive"):
		return errors.New("the host stopped answering")
	case isTooLarge(text):
		return fmt.Errorf("the agent sent an event of more than %d KiB", rpc.MaxEvent>>10)
	case strings.Contains(text, "header list size exceeded"):
		return fmt.Errorf("the agent sent more than %d KiB of headers", rpc.MaxHeaders>>10)
	case strings.HasPrefix(text, "grpc: failed to unmarshal"):
		return errors.New("the agent sent what is not an event")
	}
	if code, found := strings.CutPrefix(text, "stream terminated by RST_STREAM with error code: "); found {
		return errors.New("the agent broke the run off: " + fault.Bound(code, maxName))
	}
	for _, reading := range []string{"error reading from server: connection error: ", "error reading from server: ", "error reading server preface: "} {
		if problem, found := strings.CutPrefix(text, reading); found {
			return errors.New("what answers there does not speak the protocol of an agent: " + fault.Bound(problem, maxName))
		}
	}
	if _, inner, found := strings.Cut(text, "desc = "); found {
		text = strings.Trim(inner, `"`)
	}
	return errors.New(fault.Bound(text, maxText))
}

func isTooLarge(text string) bool {
	return strings.HasPrefix(text, "grpc: received message larger than max") || strings.HasPrefix(text, "grpc: received message after decompression larger than max")
}

// rememberingConn remembers the error that ended it, because gRPC passes on only a part of it.
type rememberingConn struct {
	net.Conn
	mu  sync.Mutex
	err error
}

func (c *rememberingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, io.ErrClosedPipe) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.err == nil {
			c.err = err
		}
	}
	return n, err
}

func (c *rememberingConn) cause() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if errors.Is(c.err, io.EOF) {
		return errors.New("the connection was closed by the host")
	}
	return c.err
}
