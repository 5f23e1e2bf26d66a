package testhost

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"sync"

	"golang.org/x/crypto/ssh"
)

// goServer is the SSH server in this process, for machines without sshd. Unlike sshd it kills the processes of a
// session when the session ends, forwards nothing, and has no terminals.
type goServer struct {
	site     *site
	config   *ssh.ServerConfig
	listener net.Listener
	log      *log.Logger
	logFile  *os.File
	guard    *guard // for the sessions' processes: there is no server in it
	startups *startups

	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]struct{}
	served sync.WaitGroup
}

func (g *goServer) implementation() string { return "go" }
func (g *goServer) port() int              { return portOf(g.listener) }

// startGo starts the server for the site.
func startGo(s *site) (_ server, err error) {
	if len(s.ExtraConfig) > 0 {
		return nil, errors.New("lines of sshd_config need an OpenSSH server, which is not installed or not wanted")
	}
	g := &goServer{site: s, conns: make(map[net.Conn]struct{})}
	if g.startups, err = parseStartups(s.MaxStartups); err != nil {
		return nil, err
	}
	if g.config, err = g.sshConfig(); err != nil {
		return nil, err
	}
	if g.logFile, err = os.OpenFile(s.logFile(), os.O_WRONLY|os.O_APPEND, 0); err != nil {
		return nil, err
	}
	g.log = log.New(g.logFile, "", 0)
	if g.guard, err = startGuard(s.id, g.logFile); err != nil {
		return nil, errors.Join(err, g.logFile.Close())
	}
	if g.listener, err = net.Listen("tcp", address(0)); err != nil {
		return nil, errors.Join(err, g.guard.stop(), g.logFile.Close())
	}
	g.log.Printf("Server listening on %s port %d.", loopback, g.port())
	g.served.Go(g.accept)
	return g, nil
}

func (g *goServer) sshConfig() (*ssh.ServerConfig, error) {
	pemKey, err := os.ReadFile(g.site.hostKeyFile())
	if err != nil {
		return nil, err
	}
	hostKey, err := ssh.ParsePrivateKey(pemKey)
	if err != nil {
		return nil, fmt.Errorf("host key: %w", err)
	}
	config := &ssh.ServerConfig{PublicKeyCallback: g.authorize}
	config.AddHostKey(hostKey)
	g.addPassword(config)
	return config, nil
}

func (g *goServer) authorize(conn ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
	if conn.User() != g.site.user || !bytes.Equal(key.Marshal(), g.site.clientKey.Marshal()) {
		return nil, errors.New("not authorized")
	}
	return nil, nil
}

// stop closes the listener and all connections, kills the sessions' processes and waits for all of them.
func (g *goServer) stop() error {
	err := g.listener.Close()
	g.mu.Lock()
	g.closed = true
	for conn := range g.conns {
		_ = conn.Close()
	}
	g.mu.Unlock()
	err = errors.Join(err, g.guard.stop())
	g.served.Wait()
	return errors.Join(err, g.logFile.Close())
}

func (g *goServer) accept() {
	for {
		conn, err := g.listener.Accept()
		if err != nil {
			return // stop closed it
		}
		if !g.keep(conn) {
			_ = conn.Close()
			return
		}
		g.served.Go(func() {
			defer g.forget(conn)
			g.serve(conn)
		})
	}
}

// keep records a connection for stop. It returns false after stop.
func (g *goServer) keep(conn net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.conns[conn] = struct{}{}
	}
	return !g.closed
}

func (g *goServer) forget(conn net.Conn) {
	_ = conn.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.conns, conn)
}
