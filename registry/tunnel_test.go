package registry

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

// tunnel connects an operator with an agent, each with its end.
func tunnel(t *testing.T, m *testMaster) (operator, agent net.Conn, operators *client.Client, a *testAgent) {
	t.Helper()
	a = m.attach(t, m.join(t, trust.Agent, "web-1"), &proto.AgentReport{DialOut: true})
	operators = m.client(t, m.join(t, trust.Operator, "anna"))
	type end struct {
		conn net.Conn
		err  error
	}
	taken := make(chan end, 1)
	go func() {
		conn, err := a.Masters.Take(context.Background(), <-a.calls)
		taken <- end{conn, err}
	}()
	operator, err := operators.Tunnel(t.Context(), "web-1")
	if err != nil {
		t.Fatal(err)
	}
	other := <-taken
	if other.err != nil {
		t.Fatal(other.err)
	}
	t.Cleanup(func() {
		operator.Close()
		other.conn.Close()
	})
	return operator, other.conn, operators, a
}

func TestTunnelPassesBytesBothWays(t *testing.T) {
	t.Parallel()
	operator, agent, _, _ := tunnel(t, startMaster(t))
	data := bytes.Repeat([]byte("sloth "), 100_000)
	sums := make(chan [sha256.Size]byte, 2)
	for _, pair := range [][2]net.Conn{{operator, agent}, {agent, operator}} {
		go func() {
			if _, err := pair[0].Write(data); err != nil {
				t.Error("write:", err)
			}
		}()
		go func() {
			got := make([]byte, len(data))
			if _, err := io.ReadFull(pair[1], got); err != nil {
				t.Error("read:", err)
			}
			sums <- sha256.Sum256(got)
		}()
	}
	for range 2 {
		if <-sums != sha256.Sum256(data) {
			t.Error("other bytes arrived than were sent")
		}
	}
}

// A sender waits for a reader that does not read: nobody in between holds what does not fit.
func TestTunnelHoldsBack(t *testing.T) {
	t.Parallel()
	operator, agent, _, _ := tunnel(t, startMaster(t))
	const most = 16 << 20
	if err := operator.SetWriteDeadline(time.Now().Add(2 * time.Second)); err != nil {
		t.Fatal(err)
	}
	sent, err := operator.Write(make([]byte, most))
	if !fault.IsTimeout(err) || sent > 2<<20 {
		t.Fatalf("%d bytes were taken that nobody read (%v)", sent, err)
	}
	if err := operator.SetWriteDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	// As soon as somebody reads, it goes on.
	go func() { _, _ = operator.Write(make([]byte, 1<<20)) }()
	if n, err := io.CopyN(io.Discard, agent, int64(sent)+1<<20); err != nil {
		t.Errorf("read %d bytes: %v", n, err)
	}
}

// An end that is closed has sent all before, and the other end reads it all, then the end.
func TestTunnelEnds(t *testing.T) {
	t.Parallel()
	operator, agent, _, _ := tunnel(t, startMaster(t))
	done := make(chan error, 1)
	go func() {
		_, err := operator.Write([]byte("the last words"))
		if err == nil {
			err = operator.Close()
		}
		done <- err
	}()
	got, err := io.ReadAll(agent)
	if string(got) != "the last words" || err != nil {
		t.Errorf("read %q (%v)", got, err)
	}
	// It has sent its end too when it is closed; only then the first one is done.
	agent.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// The operator hears of an agent that goes away.
func TestTunnelLost(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	operator, _, _, _ := tunnel(t, m)
	// Its certificate holds no longer: that ends all of its streams.
	if _, err := m.admin(t).Revoke(t.Context(), trust.Identity{Role: trust.Agent, Name: "web-1"}); err != nil {
		t.Fatal(err)
	}
	if err := operator.SetReadDeadline(time.Now().Add(limit)); err != nil {
		t.Fatal(err)
	}
	if n, err := operator.Read(make([]byte, 1)); n > 0 || err == nil || fault.IsTimeout(err) {
		t.Errorf("read %d bytes from an agent that is gone: %v", n, err)
	}
}

func TestTunnelIsForItsAgentOnly(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	web := m.attach(t, m.join(t, trust.Agent, "web-1"), &proto.AgentReport{DialOut: true})
	other := m.join(t, trust.Agent, "web-2")
	operator := m.client(t, m.join(t, trust.Operator, "anna"))
	ctx, cancel := context.WithCancel(t.Context())
	called := make(chan error, 1)
	go func() {
		conn, err := operator.Tunnel(ctx, "web-1")
		if err == nil {
			conn.Close()
		}
		called <- err
	}()
	number := <-web.calls
	thief := client.NewMasters(other, []string{m.Address()})
	defer thief.Close()
	if conn, err := thief.Take(t.Context(), number); err == nil {
		conn.Close()
		t.Error("another agent took the call")
	} else if !strings.Contains(err.Error(), "the call is not for agent web-2") {
		t.Error(err)
	}
	// The call still waits for whom it is for.
	conn, err := web.Masters.Take(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if err := <-called; err != nil {
		t.Error(err)
	}
	cancel()
	if conn, err := web.Masters.Take(t.Context(), number); err == nil {
		conn.Close()
		t.Error("a call was taken twice")
	}
}

func TestTunnelRefused(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	m.attach(t, m.join(t, trust.Agent, "web-1"), &proto.AgentReport{Address: ":50051"})
	operator := m.client(t, m.join(t, trust.Operator, "anna"))
	for name, want := range map[string]string{
		"web-1": "agent web-1 takes no calls through its master",
		"web-2": "agent web-2 is not attached to this master",
		"":      `agent "" is not attached to this master`,
	} {
		conn, err := operator.Tunnel(t.Context(), name)
		if err == nil {
			conn.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", name, err, want)
		}
	}
}
