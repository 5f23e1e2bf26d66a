package bootstrap

import (
	"context"
	"sync"
	"testing"

	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/tools/testhost"
)

// Cancelling a run in the middle of the bootstrap ends it soon.
func TestCancelled(t *testing.T) {
	stalled, _ := account(t, `: >"$HOME/begun"; sleep 600`)
	o := newOperatorOfAgents(t, stalled)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var waiting sync.WaitGroup
	waiting.Go(func() {
		waitFor(t, "the stage", func() bool { return len(list(t, stalled.Home)) > 0 })
		cancel()
	})
	conn, _, err := o.connect(ctx)
	waiting.Wait()
	if err == nil {
		conn.Close()
		t.Fatal("connected")
	}
	mustFail(t, err, fault.Bootstrap, "canceled")
}

// Cancelled in the middle of an upload, and in the pause before another try.
func TestCancelledUpload(t *testing.T) {
	h := testhost.New(t, testhost.Options{})
	proxy := proxyTo(t, h)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := newOperatorOfAgents(t, h)
	o.target.Address = proxy.Addr()
	_, _, err := o.Connect(ctx, o.target, func(e *proto.Event) {
		if e.GetHostUpload() != nil {
			proxy.Cut()
			cancel()
		}
	})
	mustFail(t, err, fault.Bootstrap, "canceled")
	proxy.Heal()
	mustBeQuiet(t, h)
}
