package persistent

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"sloth-runner/agent"
	"sloth-runner/tools/authztest"
	"sloth-runner/trust"
	"sloth-runner/trust/entrance"
)

// A caller that sends nothing uses a connection of the agent only until the handshake timeout.
func TestAgentEndsSilentConnections(t *testing.T) {
	t.Parallel()
	authority, err := trust.NewAuthority(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	p := &Agent{
		Service: new(agent.Service),
		Holder:  trust.NewHolder(authztest.Credentials(t, authority, trust.Identity{Role: trust.Agent, Name: "web-1"}, time.Now(), time.Hour)),
		Dir:     t.TempDir(), Tell: func(string) {}, Entrance: entrance.Limits{Handshake: 300 * time.Millisecond},
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- p.Serve(ctx, listener) }()
	for range 3 {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error("it is still there after a minute")
		}
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
