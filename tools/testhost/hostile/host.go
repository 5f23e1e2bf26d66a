package hostile

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// Host is an SSH server that attacks its clients in one way. It accepts any user and any key. Its methods are safe
// for concurrent use.
type Host struct {
	mode     Mode
	listener net.Listener
	key      ssh.Signer
	ctx      context.Context // ends with Close
	cancel   context.CancelFunc
	running  sync.WaitGroup
}

// Mode is one attack.
type Mode struct {
	// Name is short. What describes what the server does.
	Name, What string
	// Often says that it is one of the dozen that every run of the tests includes.
	Often bool

	raw     func(*Host, net.Conn) // instead of SSH
	config  func(*Host, *ssh.ServerConfig)
	serve   func(*Host, *connection) // after the login; nil: as session says
	session func(*Host, *session)    // for each session
}

// Start starts a server with that mode. It must be closed.
func Start(mode Mode) (*Host, error) {
	key, err := newSigner()
	if err != nil {
		return nil, fmt.Errorf("hostile host: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("hostile host: %w", err)
	}
	h := &Host{mode: mode, listener: listener, key: key}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.running.Go(h.accept)
	return h, nil
}

// newSigner makes a host key.
func newSigner() (ssh.Signer, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return ssh.NewSignerFromKey(private)
}

// Addr returns host:port to connect to.
func (h *Host) Addr() string { return h.listener.Addr().String() }

// KnownHostsLine returns its line of a known_hosts file, without a newline.
func (h *Host) KnownHostsLine() string {
	return knownhosts.Line([]string{knownhosts.Normalize(h.Addr())}, h.key.PublicKey())
}

// Close stops the server and its connections, and waits for them.
func (h *Host) Close() {
	h.cancel()
	_ = h.listener.Close()
	h.running.Wait()
}

func (h *Host) accept() {
	for {
		conn, err := h.listener.Accept()
		if err != nil {
			return // Close closed it
		}
		h.running.Go(func() {
			defer conn.Close()
			stop := context.AfterFunc(h.ctx, func() { conn.Close() })
			defer stop()
			h.meet(conn)
		})
	}
}

// meet attacks one client as the mode says.
func (h *Host) meet(conn net.Conn) {
	if h.mode.raw != nil {
		h.mode.raw(h, conn)
		return
	}
	config := &ssh.ServerConfig{
		PublicKeyCallback: func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, nil },
	}
	config.AddHostKey(h.key)
	if h.mode.config != nil {
		h.mode.config(h, config)
	}
	server, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	defer server.Close()
	c := &connection{ServerConn: server, channels: channels, requests: requests, conn: conn}
	if h.mode.serve != nil {
		h.mode.serve(h, c)
		return
	}
	h.sessions(c)
}

// connection is a client that has logged in.
type connection struct {
	*ssh.ServerConn
	conn     net.Conn
	channels <-chan ssh.NewChannel
	requests <-chan *ssh.Request
}

// sessions accepts the client's sessions and attacks each as the mode says.
func (h *Host) sessions(c *connection) {
	var running sync.WaitGroup
	defer running.Wait()
	running.Go(func() { ssh.DiscardRequests(c.requests) })
	for offered := range c.channels {
		channel, requests, err := offered.Accept()
		if err != nil {
			return
		}
		running.Go(func() {
			defer channel.Close()
			h.session(&session{Channel: channel, conn: c}, requests)
		})
	}
}

// session is a session of a client.
type session struct {
	ssh.Channel
	conn *connection
	// command is the client's command; "sftp" is the subsystem.
	command string
}

// session reads the first command of a session.
func (h *Host) session(s *session, requests <-chan *ssh.Request) {
	for request := range requests {
		var argument struct{ Text string }
		if request.Type != "exec" && request.Type != "subsystem" || ssh.Unmarshal(request.Payload, &argument) != nil {
			_ = request.Reply(false, nil)
			continue
		}
		_ = request.Reply(true, nil)
		s.command = argument.Text
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			ssh.DiscardRequests(requests) // until the channel is closed
		}()
		h.mode.session(h, s)
		_ = s.Close()
		<-ended
		return
	}
}

// exit ends a session like one whose command has exited.
func (s *session) exit(status uint32) {
	_, _ = s.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{status}))
	_ = s.Close()
}

// wait returns when the client is gone or the server is closed.
func (s *session) wait() { _ = s.conn.Wait() }

// pause waits between two of many small steps. It returns false when the server is closed.
func (h *Host) pause(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-h.ctx.Done():
		return false
	}
}

// repeat writes the same data until a write fails.
func repeat(w interface{ Write([]byte) (int, error) }, data []byte) {
	for {
		if _, err := w.Write(data); err != nil {
			return
		}
	}
}

// drip writes one byte at a time.
func (h *Host) drip(w interface{ Write([]byte) (int, error) }, text byte) {
	for h.pause(50 * time.Millisecond) {
		if _, err := w.Write([]byte{text}); err != nil {
			return
		}
	}
}

// untilGone reads everything from a client, and returns when the client is gone.
func untilGone(conn net.Conn) {
	reader := bufio.NewReader(conn)
	for {
		if _, err := reader.ReadByte(); err != nil {
			return
		}
	}
}

var errHostile = errors.New("no")
