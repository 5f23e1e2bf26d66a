package connect

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"sloth-runner/agent/persistent"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
	"sloth-runner/trust"
)

// Dialer connects to persistent agents. It is a runner.Connector.
type Dialer struct {
	// Timeout limits connecting and the TLS handshake, each; 0 stands for the system's timeout.
	Timeout time.Duration
	// Holder has the operator's credentials. When it is nil, only insecure agents can be reached.
	Holder *trust.Holder
	// HolderFor, if set, returns the holder for a target's agent of another authority than Holder's, or nil for Holder.
	HolderFor func(inventory.Target) *trust.Holder
	// Insecure connects to agents on loopback without TLS, also when there are credentials.
	Insecure bool
	// Call, if set, connects to an agent by its name through its master.
	Call func(ctx context.Context, name string) (net.Conn, error)
}

// Connect connects to the target's agent, and authenticates it by its name.
func (d Dialer) Connect(ctx context.Context, target inventory.Target, _ func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	if d.Holder == nil || d.Insecure {
		if !persistent.IsLoopback(target.Address) {
			return nil, 0, d.without(target)
		}
		conn, err := d.dial(ctx, target)
		if err != nil {
			return nil, 0, err
		}
		return &plainConn{Conn: conn, hasCredentials: d.Holder != nil}, proto.HostConnected_AGENT, nil
	}
	conn, err := d.dial(ctx, target)
	if err != nil {
		return nil, 0, err
	}
	secure := tls.Client(conn, d.HolderOf(target).ClientConfig(trust.Identity{Role: trust.Agent, Name: target.Agent}))
	if err := d.handshake(ctx, secure); err != nil {
		_ = conn.Close() // why there is no handshake matters, not how the connection ends
		return nil, 0, d.fail(target, fault.Authenticate, err)
	}
	return &trust.ClientConn{Conn: secure}, proto.HostConnected_AGENT, nil
}

// HolderOf returns the holder for a target's agent.
func (d Dialer) HolderOf(target inventory.Target) *trust.Holder {
	if d.HolderFor != nil {
		if other := d.HolderFor(target); other != nil {
			return other
		}
	}
	return d.Holder
}

// without returns the error for an agent that can't be reached without credentials.
func (d Dialer) without(target inventory.Target) error {
	if d.Holder != nil {
		return &fault.Error{
			Stage: fault.Connect, Host: target.Name,
			Err: fmt.Errorf("refuse to speak to %s without TLS: --insecure is for agents on this machine", target.Address),
		}
	}
	return &fault.Error{
		Stage: fault.Authenticate, Host: target.Name,
		Err:  fmt.Errorf("this machine has no certificate to show the agent at %s", target.Address),
		Hint: "`sloth-runner operator join` gets one from the agent's master; an SSH host is named as user@HOST or ssh://HOST:PORT",
	}
}

func (d Dialer) dial(ctx context.Context, target inventory.Target) (net.Conn, error) {
	if target.Through {
		if d.Call == nil {
			return nil, &fault.Error{
				Stage: fault.Connect, Host: target.Name, Temporary: true,
				Err:  errors.New("it can be reached through its master only, and none answers"),
				Hint: "`sloth-runner agent list` says which masters were tried",
			}
		}
		return d.call(ctx, target.Agent)
	}
	conn, err := (&net.Dialer{Timeout: d.Timeout}).DialContext(ctx, "tcp", target.Address)
	if err != nil {
		return nil, &fault.Error{
			Stage: fault.Connect, Host: target.Name,
			Err:       fault.FailedToConnect(target.Address, err),
			Hint:      "check that the agent runs there (sloth-runner agent start NAME --port PORT), and that no firewall is in between",
			Temporary: true,
		}
	}
	return conn, nil
}

// call connects through the master. The connection outlives ctx, which limits connecting only.
func (d Dialer) call(ctx context.Context, name string) (net.Conn, error) {
	calling, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, hangUp)
	conn, err := d.Call(calling, name)
	if err != nil {
		hangUp()
		return nil, err
	}
	if !stop() {
		hangUp()
		return nil, errors.Join(context.Cause(ctx), conn.Close())
	}
	return &calledConn{Conn: conn, hangUp: hangUp}, nil
}

// calledConn ends the call with the connection.
type calledConn struct {
	net.Conn
	hangUp func()
}

func (c *calledConn) Close() error {
	defer c.hangUp()
	return c.Conn.Close()
}

func (d Dialer) handshake(ctx context.Context, conn *tls.Conn) error {
	if d.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d.Timeout)
		defer cancel()
	}
	return conn.HandshakeContext(ctx)
}

func (d Dialer) fail(target inventory.Target, stage fault.Stage, err error) error {
	if fault.IsTimeout(err) {
		err = errors.New("the agent does not answer")
	}
	err = trust.Plain(err)
	return &fault.Error{Stage: stage, Host: target.Name, Err: fmt.Errorf("agent at %s: %w", target.Address, err), Hint: fault.Hint(err)}
}

// plainConn is a connection without TLS. An agent that requires TLS ends it at once, or resets it when it has not read
// everything. The error alone does not say why.
type plainConn struct {
	net.Conn
	hasCredentials bool
	answered       atomic.Bool
}

func (c *plainConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && !c.answered.Load() {
		// Such an agent answers with a TLS alert (RFC 8446, section 5.1).
		if p[0] == 0x15 {
			return 0, c.wrapCause(io.EOF)
		}
		c.answered.Store(true)
	}
	return n, c.wrapCause(err)
}

func (c *plainConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	return n, c.wrapCause(err)
}

// wrapCause returns the cause when the connection ends before any answer.
func (c *plainConn) wrapCause(err error) error {
	ended := errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
	if !ended || c.answered.Load() {
		return err
	}
	hint := "`sloth-runner operator join` gets one from the agent's master"
	if c.hasCredentials {
		hint = "leave --insecure out"
	}
	return &fault.Error{Err: errors.New("the agent wants to be shown a certificate, over TLS"), Hint: hint}
}
