package connect_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"sloth-runner/connect"
	"sloth-runner/internal/fault"
	"sloth-runner/inventory"
	"sloth-runner/proto"
)

// way is a connector that fails, or not, and remembers whom it was asked for.
type way struct {
	err   error
	calls []inventory.Target
}

func (w *way) Connect(_ context.Context, target inventory.Target, _ func(*proto.Event)) (net.Conn, proto.HostConnected_Via, error) {
	w.calls = append(w.calls, target)
	return nil, 0, w.err
}

func TestFallback(t *testing.T) {
	down := &fault.Error{Stage: fault.Connect, Err: errors.New("connection refused"), Hint: "start it"}
	ssh := &inventory.Target{Name: "web-1", Kind: inventory.SSH}
	for _, c := range []struct {
		name       string
		agent, ssh error
		over       *inventory.Target
		want       string
		// calls are those over SSH, and notices what the summary says.
		calls, notices int
	}{
		{name: "the agent answers", over: ssh},
		{name: "SSH in its place", agent: down, over: ssh, calls: 1, notices: 1},
		{name: "no SSH to that host", agent: down, want: "connection refused"},
		{name: "neither", agent: down, ssh: errors.New("no route"), over: ssh, want: "neither its agent nor SSH", calls: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			agent, over := &way{err: c.agent}, &way{err: c.ssh}
			var notices []*proto.Notice
			target := inventory.Target{Name: "web-1", Kind: inventory.Agent, OverSSH: c.over}
			_, _, err := connect.Fallback{Agent: agent, SSH: over}.Connect(t.Context(), target, func(e *proto.Event) { notices = append(notices, e.GetNotice()) })
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if len(notices) != c.notices || c.notices > 0 && !notices[0].GetLasting() {
				t.Errorf("notices: %v", notices)
			}
			if len(over.calls) != c.calls {
				t.Errorf("SSH was used %d times, want %d", len(over.calls), c.calls)
			}
		})
	}
}
