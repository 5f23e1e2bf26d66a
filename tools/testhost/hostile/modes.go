package hostile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net"
	"time"

	"golang.org/x/crypto/ssh"
)

// identification is the first line of an SSH server (RFC 4253, section 4.2).
const identification = "SSH-2.0-OpenSSH_10.0\r\n"

// Modes are all attacks, in the order of the stages of a connection.
func Modes() []Mode {
	return append(append(append(beforeLogin(), atLogin()...), inSession()...), inUpload()...)
}

// beforeLogin are attacks before the login.
func beforeLogin() []Mode {
	return []Mode{
		{Name: "greeting-flood", What: "lines without end before the identification", Often: true,
			raw: func(_ *Host, conn net.Conn) { repeat(conn, bytes.Repeat([]byte("welcome\r\n"), 1000)) }},
		{Name: "greeting-slow", What: "the identification byte after byte, without end",
			raw: func(h *Host, conn net.Conn) { h.drip(conn, 'S') }},
		{Name: "identification-long", What: "an identification that never ends", Often: true,
			raw: func(_ *Host, conn net.Conn) {
				_, _ = conn.Write([]byte("SSH-2.0-"))
				repeat(conn, bytes.Repeat([]byte("x"), 10_000))
			}},
		{Name: "end-at-identification", What: "the end of the connection after the identification",
			raw: func(_ *Host, conn net.Conn) { _, _ = conn.Write([]byte(identification)) }},
		{Name: "silent-keys", What: "nothing after the identification",
			raw: func(_ *Host, conn net.Conn) { _, _ = conn.Write([]byte(identification)); untilGone(conn) }},
		{Name: "wrong-packets", What: "packets that are none",
			raw: func(_ *Host, conn net.Conn) {
				_, _ = conn.Write([]byte(identification))
				repeat(conn, bytes.Repeat([]byte{0xff}, 4096))
			}},
		{Name: "ignore-flood", What: "packets to be ignored, without end, instead of keys", Often: true,
			raw: func(_ *Host, conn net.Conn) {
				_, _ = conn.Write([]byte(identification))
				repeat(conn, plainPacket(append([]byte{2, 0, 0, 0x70, 0}, make([]byte, 0x7000)...)))
			}},
		{Name: "key-lists-long", What: "lists of algorithms as long as a packet may be",
			raw: func(_ *Host, conn net.Conn) {
				_, _ = conn.Write([]byte(identification))
				_, _ = conn.Write(plainPacket(longLists()))
				untilGone(conn)
			}},
		{Name: "other-key", What: "another host key than before", Often: true,
			config: func(_ *Host, c *ssh.ServerConfig) {
				if key, err := newSigner(); err == nil {
					c.AddHostKey(key) // it takes the place of that of the same type
				}
			}, session: func(_ *Host, s *session) { s.exit(0) }},
	}
}

// plainPacket is a packet before the key exchange.
func plainPacket(payload []byte) []byte {
	padding := 8 - (5+len(payload))%8
	if padding < 4 {
		padding += 8
	}
	packet := binary.BigEndian.AppendUint32(nil, uint32(1+len(payload)+padding))
	packet = append(append(packet, byte(padding)), payload...)
	return append(packet, make([]byte, padding)...)
}

// longLists is a KEXINIT of about 200 kB.
func longLists() []byte {
	packet := append([]byte{20}, make([]byte, 16)...)
	for range 10 {
		packet = binary.BigEndian.AppendUint32(packet, 20_000)
		packet = append(packet, bytes.Repeat([]byte("a,"), 10_000)...)
	}
	return append(packet, 0, 0, 0, 0, 0)
}

// atLogin are attacks during the login.
func atLogin() []Mode {
	questions := func(c *ssh.ServerConfig, ask func(ssh.KeyboardInteractiveChallenge) error) {
		c.PublicKeyCallback = nil
		c.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, challenge ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			return nil, ask(challenge)
		}
	}
	return []Mode{
		{Name: "login-silent", What: "no answer to a key, after a banner", Often: true,
			config: func(h *Host, c *ssh.ServerConfig) {
				c.BannerCallback = func(ssh.ConnMetadata) string { return "To log in, visit https://login.example/abc\n" }
				c.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) {
					<-h.ctx.Done()
					return nil, errHostile
				}
			}},
		{Name: "login-refused", What: "no key is right, whichever", Often: true,
			config: func(_ *Host, c *ssh.ServerConfig) {
				c.MaxAuthTries = -1
				c.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, errHostile }
			}},
		{Name: "banner-flood", What: "banners without end at the login", Often: true,
			config: func(h *Host, c *ssh.ServerConfig) {
				c.PreAuthConnCallback = func(conn ssh.ServerPreAuthConn) {
					h.running.Go(func() {
						for conn.SendAuthBanner(string(bytes.Repeat([]byte("banner\n"), 4000))) == nil {
						}
					})
				}
				c.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) {
					<-h.ctx.Done()
					return nil, errHostile
				}
			}},
		{Name: "login-endless", What: "rounds of keyboard-interactive that ask nothing, without end", Often: true,
			config: func(_ *Host, c *ssh.ServerConfig) {
				questions(c, func(challenge ssh.KeyboardInteractiveChallenge) error {
					for {
						if _, err := challenge("", "", nil, nil); err != nil {
							return err
						}
					}
				})
			}},
		{Name: "login-cut", What: "the end of the connection in the login",
			config: func(_ *Host, c *ssh.ServerConfig) {
				c.PublicKeyCallback = nil
				c.PreAuthConnCallback = nil
				c.AuthLogCallback = func(conn ssh.ConnMetadata, _ string, _ error) {
					if closer, ok := conn.(interface{ Close() error }); ok {
						_ = closer.Close()
					}
				}
				c.PasswordCallback = func(ssh.ConnMetadata, []byte) (*ssh.Permissions, error) { return nil, errors.New("no") }
			}},
	}
}

// inSession are attacks when the client runs a command.
func inSession() []Mode {
	return []Mode{
		{Name: "end-after-login", What: "the end of the connection after the login",
			serve: func(*Host, *connection) {}},
		{Name: "channel-refused", What: "no session is opened", Often: true,
			serve: func(_ *Host, c *connection) {
				go ssh.DiscardRequests(c.requests)
				for offered := range c.channels {
					_ = offered.Reject(ssh.ResourceShortage, string(bytes.Repeat([]byte("no\x1b[31m"), 1000)))
				}
			}},
		{Name: "channel-silent", What: "no answer to the wish for a session",
			serve: func(_ *Host, c *connection) {
				go ssh.DiscardRequests(c.requests)
				for range c.channels {
				}
			}},
		{Name: "request-flood", What: "requests to be answered, without end",
			serve: func(h *Host, c *connection) {
				go ssh.DiscardRequests(c.requests)
				h.running.Go(func() {
					for range c.channels {
					}
				})
				for {
					if _, _, err := c.SendRequest("keepalive@openssh.com", true, nil); err != nil {
						return
					}
				}
			}},
		{Name: "exec-silent", What: "a command that says nothing", Often: true,
			session: func(_ *Host, s *session) { s.wait() }},
		{Name: "exec-slow", What: "byte after byte, and never a line",
			session: func(h *Host, s *session) { h.drip(s, 'x') }},
		{Name: "exec-flood", What: "lines without end on stdout",
			session: func(_ *Host, s *session) { repeat(s, bytes.Repeat([]byte("noise\n"), 5000)) }},
		{Name: "stderr-flood", What: "gigabytes on stderr", Often: true,
			session: func(_ *Host, s *session) { repeat(s.Stderr(), bytes.Repeat([]byte("noise\n"), 5000)) }},
		{Name: "exit-first", What: "an exit status, and then output that is no answer",
			session: func(_ *Host, s *session) {
				_, _ = s.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{0}))
				_, _ = s.Write([]byte("late\n"))
				s.wait()
			}},
		{Name: "exec-cut", What: "the end of the connection in the middle of an answer",
			session: func(_ *Host, s *session) {
				_, _ = s.Write([]byte(s.marker() + " system Linux x86_64\n"))
				time.Sleep(10 * time.Millisecond)
				_ = s.conn.conn.Close()
			}},
		{Name: "places-endless", What: "places without end in an answer",
			session: func(_ *Host, s *session) { repeat(s, []byte(s.marker()+" dir 1000000 /tmp/x\n")) }},
		{Name: "removed-endless", What: "what was removed, without end",
			session: func(_ *Host, s *session) { repeat(s, []byte(s.marker()+" removed /tmp/x\n")) }},
	}
}
