package testhost

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"

	"golang.org/x/crypto/ssh"
)

// serve serves one connection until it ends, with all its sessions.
func (g *goServer) serve(conn net.Conn) {
	remote := conn.RemoteAddr().(*net.TCPAddr)
	if !g.startups.enter() {
		g.log.Printf("drop connection from %s port %d: MaxStartups", remote.IP, remote.Port)
		return
	}
	g.log.Printf("%s%s port %d on %s port %d", connectionLine, remote.IP, remote.Port, loopback, g.port())
	session, channels, requests, err := ssh.NewServerConn(conn, g.config)
	g.startups.leave()
	if err != nil {
		// The reason may have bytes that the client chose.
		g.log.Printf("Connection closed by %s port %d [preauth]: %q", remote.IP, remote.Port, err)
		return
	}
	g.log.Printf("%s%s from %s port %d ssh2", authenticationLine, g.site.user, remote.IP, remote.Port)

	var sessions sync.WaitGroup
	sessions.Go(func() { ssh.DiscardRequests(requests) })
	g.serveChannels(channels, &sessions)
	sessions.Wait()
	if err := session.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		g.log.Printf("close: %q", err)
	}
	g.log.Printf("Disconnected from %s port %d", remote.IP, remote.Port)
}

func (g *goServer) serveChannels(channels <-chan ssh.NewChannel, sessions *sync.WaitGroup) {
	var open atomic.Int32
	for offered := range channels {
		if offered.ChannelType() != "session" {
			_ = offered.Reject(ssh.Prohibited, "open failed")
			continue
		}
		if g.site.MaxSessions1 && open.Load() > 0 {
			g.log.Print("no more sessions")
			_ = offered.Reject(ssh.ConnectionFailed, "open failed")
			continue
		}
		channel, requests, err := offered.Accept()
		if err != nil {
			continue // the connection is gone, and channels will be closed
		}
		open.Add(1)
		s := &goSession{server: g, channel: channel, ended: sync.OnceFunc(func() { open.Add(-1) })}
		sessions.Go(func() { s.serve(requests) })
	}
}
