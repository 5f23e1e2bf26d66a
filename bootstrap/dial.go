package bootstrap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
)

// dial connects to the target and authenticates. Each stage has limit for itself.
func (c *Connector) dial(ctx context.Context, target inventory.Target) (*ssh.Client, error) {
	conn, err := (&net.Dialer{Timeout: c.Timeout}).DialContext(ctx, "tcp", target.Address)
	if err != nil {
		return nil, &fault.Error{
			Stage: fault.Connect, Host: target.Name,
			Err:  fmt.Errorf("Failed to connect to %s: %w", target.Address, fault.Plain(err)), //nolint:staticcheck // the words of the specification
			Hint: "check the address, that an SSH server listens there, and that no firewall is in between",
		}
	}
	// Closing is what makes the handshake stop when ctx ends.
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	client, err := c.handshake(target, conn)
	if !stop() && err == nil {
		client.Close()
		err = context.Cause(ctx)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return client, nil
}

// handshake does key exchange and authentication; x/crypto/ssh does them in one call, and the host key check in the
// middle is where one limit ends and the next begins.
func (c *Connector) handshake(target inventory.Target, conn net.Conn) (*ssh.Client, error) {
	greeted := &bannerConn{Conn: conn}
	signers, problems := c.Keys.Signers(target.IdentityFiles)
	stage := fault.Handshake
	c.limit(conn)
	config := &ssh.ClientConfig{
		User:              target.User,
		Auth:              []ssh.AuthMethod{ssh.PublicKeys(signers...)},
		HostKeyAlgorithms: c.HostKeys.Algorithms(target.Address),
		ClientVersion:     "SSH-2.0-SlothRunner",
		HostKeyCallback: func(address string, remote net.Addr, key ssh.PublicKey) error {
			if err := c.HostKeys.Check(address, remote, key); err != nil {
				return err
			}
			stage = fault.Authenticate
			c.limit(conn)
			return nil
		},
	}
	sshConn, channels, requests, err := ssh.NewClientConn(greeted, target.Address, config)
	if err != nil {
		return nil, explain(err, stage, target, greeted, signers, problems)
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		sshConn.Close()
		return nil, &fault.Error{Stage: stage, Host: target.Name, Err: err}
	}
	return ssh.NewClient(sshConn, channels, requests), nil
}

// limit gives the stage that begins now its time.
func (c *Connector) limit(conn net.Conn) {
	if c.Timeout > 0 {
		// It fails only on a closed connection, which the next read reports.
		_ = conn.SetDeadline(time.Now().Add(c.Timeout)) //nolint:errcheck
	}
}

// explain turns what x/crypto/ssh says into a fault with its stage.
func explain(err error, stage fault.Stage, target inventory.Target, conn *bannerConn, signers []ssh.Signer, problems []error) error {
	f := &fault.Error{Stage: stage, Host: target.Name}
	var known *fault.Error
	switch {
	case errors.As(err, &known):
		f.Err, f.Hint = known.Err, known.Hint
	case stage == fault.Handshake && !conn.greeted.Load() && fault.IsTimeout(err):
		f.Err = errors.New("connected, but no SSH banner came")
		f.Hint = "is it an SSH server that listens there?"
	case fault.IsTimeout(err):
		f.Err = errors.New("no answer in time")
		f.Hint = "the host may be overloaded; --connect-timeout gives it longer"
	case stage == fault.Handshake && !conn.greeted.Load():
		f.Err = fmt.Errorf("the server closed the connection before its banner%s", conn.said())
		f.Hint = "too many connections at once (MaxStartups in its sshd_config), or it denies this address; --forks N makes fewer at once"
		f.Temporary = true
	case refused(err):
		f.Err = fmt.Errorf("%s@%s: permission denied (%s)", target.User, target.Address, offered(signers))
		f.Hint = authHint(problems)
	default:
		f.Err = fault.Plain(err)
	}
	return f
}

// refused reports whether the server turned down every key. x/crypto/ssh has no error value for it.
func refused(err error) bool { return strings.Contains(err.Error(), "unable to authenticate") }

func offered(signers []ssh.Signer) string {
	if len(signers) == 0 {
		return "no key was found to offer"
	}
	const most = 5
	var keys []string
	for _, signer := range signers[:min(most, len(signers))] {
		keys = append(keys, fingerprint(signer.PublicKey()))
	}
	text := "offered " + strings.Join(keys, ", ")
	if more := len(signers) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func authHint(problems []error) string {
	if len(problems) == 0 {
		return "name the right key with -k FILE and the right user with -u USER, or add the key to the ssh-agent"
	}
	texts := make([]string, len(problems))
	for i, problem := range problems {
		texts[i] = problem.Error()
	}
	return strings.Join(texts, "; ")
}

// bannerConn notices whether the server has sent its SSH identification (RFC 4253, section 4.2), and keeps the
// beginning of what it sent before that.
type bannerConn struct {
	net.Conn
	greeted atomic.Bool
	before  []byte
}

func (c *bannerConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && !c.greeted.Load() {
		c.before = append(c.before, p[:min(n, 512)]...)
		if bytes.Contains(c.before, []byte("SSH-")) {
			c.greeted.Store(true)
		}
		c.before = c.before[max(0, len(c.before)-512):]
	}
	return n, err
}

// said is what the server wrote instead of a banner, for an error.
func (c *bannerConn) said() string {
	if text := strings.TrimSpace(string(c.before)); text != "" {
		return fmt.Sprintf(": %q", text)
	}
	return ""
}
