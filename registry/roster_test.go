package registry

import (
	"testing"
	"time"

	"sloth-runner/proto"
)

func TestPresence(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	r := newRoster(ServiceConfig{Now: func() time.Time { return now }, Interval: 5 * time.Second, GoneAfter: 10 * time.Minute})
	record := agentRecord{Name: "web-1", LastSeen: now}
	check := func(what string, want proto.RegisteredAgent_State) {
		t.Helper()
		if got := r.registered(record).GetState(); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	step := func(d time.Duration) {
		now = now.Add(d)
		r.sweep()
	}
	if got := r.registered(agentRecord{Name: "web-2"}).GetState(); got != proto.RegisteredAgent_UNKNOWN {
		t.Errorf("an agent that never came is %s", got)
	}
	check("the master has just begun", proto.RegisteredAgent_STALE)
	step(11 * time.Minute)
	check("it does not come back", proto.RegisteredAgent_GONE)

	first := r.enter("web-1", &proto.AgentReport{Version: "1"}, now)
	check("it comes", proto.RegisteredAgent_ACTIVE)
	step(15 * time.Second)
	check("three reports are not there yet", proto.RegisteredAgent_ACTIVE)
	_, changed := r.watch()
	step(time.Second)
	check("three reports are overdue", proto.RegisteredAgent_STALE)
	select {
	case <-changed:
	default:
		t.Error("nobody who watches heard that it became stale")
	}
	r.reported("web-1", first, &proto.AgentReport{Runs: 2})
	check("it reports again", proto.RegisteredAgent_ACTIVE)
	if got := r.registered(record); got.GetRuns() != 2 {
		t.Errorf("it has %d runs, want 2", got.GetRuns())
	}
	version, _ := r.watch()
	r.reported("web-1", first, &proto.AgentReport{Runs: 2})
	if again, _ := r.watch(); again != version {
		t.Error("a report that says nothing new makes a new list")
	}
	r.reported("web-1", first, &proto.AgentReport{Runs: 2, AbandonedCalls: 3})
	if again, _ := r.watch(); again == version || r.registered(record).GetAbandonedCalls() != 3 {
		t.Errorf("the list is unchanged: %v; it has %d abandoned calls, want 3", again == version, r.registered(record).GetAbandonedCalls())
	}

	second := r.enter("web-1", &proto.AgentReport{Version: "1"}, now)
	select {
	case <-first.left:
	default:
		t.Error("the first attachment stays beside the second")
	}
	if r.leave("web-1", first, true) {
		t.Error("the first attachment ended the second")
	}
	check("the second is there", proto.RegisteredAgent_ACTIVE)
	r.leave("web-1", second, false)
	check("its stream broke", proto.RegisteredAgent_ACTIVE)
	step(16 * time.Second)
	check("it has not come back", proto.RegisteredAgent_STALE)
	step(10 * time.Minute)
	check("it has been silent for long", proto.RegisteredAgent_GONE)
	third := r.enter("web-1", &proto.AgentReport{Version: "1"}, now)
	r.leave("web-1", third, true)
	check("it said that it goes", proto.RegisteredAgent_GONE)
}
