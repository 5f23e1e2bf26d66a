package sshclient

import (
	"net"
	"strings"
	"testing"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/sshconfig"
)

// The limit can pass, or the host leave, just after the last word of the login: SSH has closed the connection then, and
// that it is closed is not what a person has to know.
func TestEndJustAfterTheLogin(t *testing.T) {
	for _, c := range []struct {
		name   string
		end    func(h *handshake, host net.Conn)
		expect []string
	}{
		{"the limit passes", func(h *handshake, _ net.Conn) { h.limit = time.Nanosecond; h.begin() }, []string{"no answer in time", "--connect-timeout"}},
		{"the host leaves", func(_ *handshake, host net.Conn) { host.Close() }, []string{"closed by the other side"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			near, far := net.Pipe()
			defer far.Close()
			h := &handshake{host: Host{Host: sshconfig.Host{Name: "web-1"}}, wire: newWire(near), stage: fault.Authenticate}
			c.end(h, far)
			if _, err := h.wire.Read(make([]byte, 1)); err == nil {
				t.Fatal("something was read")
			}
			near.Close() // as x/crypto/ssh does
			err := h.finish()
			if err == nil {
				t.Fatal("a connection that is closed is taken for one that works")
			}
			text := err.Error() + "; " + fault.Hint(err)
			for _, words := range append(c.expect, "web-1", "authenticate") {
				if !strings.Contains(text, words) {
					t.Errorf("%q does not say %q", text, words)
				}
			}
		})
	}
}
