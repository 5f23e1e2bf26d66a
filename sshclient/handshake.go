package sshclient

import (
	"context"
	"net"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/internal/secret"
	"sloth-runner/sshclient/algorithms"
	"sloth-runner/sshclient/identity"
)

// handshake is the key exchange and the authentication on one connection. x/crypto/ssh does both in one call: the check of the
// host key, which is between them, ends the limit of the first and begins that of the second.
type handshake struct {
	dialer *Dialer
	host   Host
	wire   *wire
	limit  time.Duration // of each stage; 0: none
	login  login
	route  route
	notify notifier
	banner banner

	mu        sync.Mutex // x/crypto/ssh checks the host key in another goroutine
	stage     fault.Stage
	began     time.Time // the first stage
	over      bool
	waited    bool // for the user, or for another host
	untrusted bool
}

func (h *handshake) run(ctx context.Context) (*ssh.Client, error) {
	names, err := h.dialer.HostKeys.Algorithms(h.host.Host)
	if err != nil {
		return nil, h.wrapCause(err)
	}
	config, err := algorithms.Wire(h.host.Settings)
	if err != nil {
		return nil, h.wrapCause(err)
	}
	h.login = login{
		ctx: ctx, host: h.host, password: h.host.Password,
		trials: &h.dialer.trials, untimed: h.untimed,
	}
	if !h.login.password.IsSet() {
		h.login.password = h.dialer.Password
	}
	if h.login.signers, h.login.problems, err = h.signers(ctx); err != nil {
		return nil, h.wrapCause(err)
	}
	h.login.left = h.login.signers
	h.began = time.Now()
	h.begin()
	conn, channels, requests, err := ssh.NewClientConn(h.wire, h.host.Address, &ssh.ClientConfig{
		Config:            config,
		User:              h.host.User,
		AuthCallback:      h.next,
		HostKeyAlgorithms: names,
		HostKeyCallback:   h.check,
		ClientVersion:     clientVersion,
		BannerCallback:    h.onBanner,
	})
	h.banner.end()
	h.login.end(err)
	if err != nil {
		return nil, h.wrapCause(err)
	}
	if err := h.finish(); err != nil {
		conn.Close()
		return nil, err
	}
	return ssh.NewClient(conn, channels, requests), nil
}

const clientVersion = "SSH-2.0-SlothRunner"

// signers returns the keys to offer. The ssh-agent may take as long as the limit of a stage.
func (h *handshake) signers(ctx context.Context) ([]ssh.Signer, []error, error) {
	if h.host.Methods != nil && !slices.Contains(h.host.Methods, byKey) {
		return nil, nil, nil
	}
	signers, problems := h.dialer.Keys.Signers(ctx, h.host.Settings, h.untimed)
	signers, left, err := identity.Accepted(h.host.Settings, signers)
	return signers, append(problems, left...), err
}

// next is an ssh.ClientAuthCallback.
func (h *handshake) next(c *ssh.ClientAuthContext) (ssh.AuthMethod, error) {
	h.mu.Lock()
	untrusted := h.untrusted
	h.mu.Unlock()
	if untrusted {
		h.login.password = secret.Text{}
	}
	return h.login.next(c)
}

// check is an ssh.HostKeyCallback. It is called again for each later key exchange, at any time of a run.
func (h *handshake) check(_ string, _ net.Addr, key ssh.PublicKey) error {
	untrusted, err := h.dialer.HostKeys.Check(h.host.Host, key)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.over {
		h.untrusted = h.untrusted || untrusted
		h.stage = fault.Authenticate
		h.wire.times.lap(fault.Handshake, h.began)
		h.begin()
	}
	return nil
}

// finish ends the limit of the last stage.
func (h *handshake) finish() error {
	h.mu.Lock()
	h.over = true
	h.wire.times.lap(fault.Authenticate, h.began)
	h.mu.Unlock()
	if err := h.wire.SetDeadline(time.Time{}); err != nil {
		return h.wrapCause(h.wire.failure(err))
	}
	return nil
}

// begin starts the limit of the stage that begins now.
func (h *handshake) begin() {
	if h.limit > 0 {
		// It fails only on a closed connection, which the next read reports.
		_ = h.wire.SetDeadline(time.Now().Add(h.limit))
	}
}

// untimed is an identity.Untimed: the time that do takes counts neither against the limit nor against the host.
func (h *handshake) untimed(do func()) {
	_ = h.wire.SetDeadline(time.Time{})
	begun := time.Now()
	do()
	spent := time.Since(begun)
	h.wire.permit.discount(spent)
	h.mu.Lock()
	h.waited = h.waited || spent > shortWait
	h.mu.Unlock()
	h.begin()
}

// shortWait is shorter than the time that any server waits for a login (LoginGraceTime in sshd_config(5)).
const shortWait = 5 * time.Second

// reached returns the current stage.
func (h *handshake) reached() fault.Stage {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stage
}
