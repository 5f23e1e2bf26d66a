package bootstrap

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
)

// dial connects to the target and authenticates. Each stage has the limit for itself.
func (c *Connector) dial(ctx context.Context, target inventory.Target) (*ssh.Client, *wire, error) {
	began := time.Now()
	conn, err := (&net.Dialer{Timeout: c.Timeout}).DialContext(ctx, "tcp", target.Address)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, nil, &fault.Error{
			Stage: fault.Connect, Host: target.Name,
			Err:  fault.FailedToConnect(target.Address, err),
			Hint: "check the address, that an SSH server listens there, and that no firewall is in between",
		}
	}
	// Closing is what makes the handshake stop when ctx ends.
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	w := newWire(conn)
	w.times.lap(fault.Connect, began)
	h := &handshake{connector: c, target: target, wire: w, stage: fault.Handshake}
	client, err := h.run(ctx)
	if !stop() {
		if err == nil {
			client.Close()
		}
		err = &fault.Error{Stage: h.reached(), Host: target.Name, Err: context.Cause(ctx)}
	}
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	return client, w, nil
}

// handshake is the key exchange and the authentication on one connection. x/crypto/ssh does them in one call, and the
// host key check in the middle is where one limit ends and the next begins.
type handshake struct {
	connector *Connector
	target    inventory.Target
	wire      *wire
	signers   []ssh.Signer
	problems  []error // what could not be used as a signer

	mu    sync.Mutex // x/crypto/ssh checks the host key in another goroutine
	stage fault.Stage
	began time.Time // the first stage
	over  bool
}

func (h *handshake) run(ctx context.Context) (*ssh.Client, error) {
	ctx, cancel := h.limitedKeys(ctx)
	defer cancel()
	h.signers, h.problems = h.connector.Keys.Signers(ctx, h.target.SSH.IdentityFiles)
	h.began = time.Now()
	h.limit()
	conn, channels, requests, err := ssh.NewClientConn(h.wire, h.target.Address, &ssh.ClientConfig{
		User:              h.target.SSH.User,
		Auth:              []ssh.AuthMethod{ssh.PublicKeys(h.signers...)},
		HostKeyAlgorithms: h.connector.HostKeys.Algorithms(h.target.Address),
		HostKeyCallback:   h.check,
		ClientVersion:     "SSH-2.0-SlothRunner",
	})
	if err != nil {
		return nil, h.explain(err)
	}
	if err := h.finish(); err != nil {
		conn.Close()
		return nil, &fault.Error{Stage: h.reached(), Host: h.target.Name, Err: err}
	}
	return ssh.NewClient(conn, channels, requests), nil
}

// check is an ssh.HostKeyCallback. It is called again whenever the keys are exchanged anew, at any time of a run.
func (h *handshake) check(address string, remote net.Addr, key ssh.PublicKey) error {
	if err := h.connector.HostKeys.Check(address, remote, key); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.over {
		h.stage = fault.Authenticate
		h.wire.times.lap(fault.Handshake, h.began)
		h.limit()
	}
	return nil
}

// finish ends the limits.
func (h *handshake) finish() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.over = true
	h.wire.times.lap(fault.Authenticate, h.began)
	return h.wire.SetDeadline(time.Time{})
}

// limit gives the stage that begins now its time.
func (h *handshake) limit() {
	if limit := h.connector.Timeout; limit > 0 {
		// It fails only on a closed connection, which the next read reports.
		_ = h.wire.SetDeadline(time.Now().Add(limit))
	}
}

// limitedKeys is a context for the use of the ssh-agent, which is asked before the first and in the second stage.
func (h *handshake) limitedKeys(ctx context.Context) (context.Context, context.CancelFunc) {
	if h.connector.Timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, 2*h.connector.Timeout, errors.New("no answer in time"))
}

func (h *handshake) reached() fault.Stage {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stage
}
