package registry

import (
	"time"

	"sloth-runner/proto"
	"sloth-runner/registry/cluster"
)

// shareInterval is how old may be what other masters know of when an agent was last seen.
const shareInterval = 30 * time.Second

// elsewhere is an agent that is attached to another master, or was.
type remoteAgent struct {
	cluster.Agent
	live     bool
	revision int64
	since    time.Time // when that was told here
	state    proto.RegisteredAgent_State
}

// share makes a roster tell others what it knows.
func (r *roster) share() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remote, r.unsent = map[string]*remoteAgent{}, map[string]bool{}
}

// markUnsent notes that other masters have to be told of an agent. The lock is held.
func (r *roster) markUnsent(name string, claim bool) {
	if r.unsent == nil {
		return
	}
	r.unsent[name] = claim || r.unsent[name]
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Wake implements cluster.Agents.
func (r *roster) Wake() <-chan struct{} { return r.wake }

// ClaimAll implements cluster.Agents.
func (r *roster) ClaimAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, s := range r.attachments {
		if s.open {
			s.claimed = 0
			r.markUnsent(name, true)
		}
	}
}

// Unsent implements cluster.Agents.
func (r *roster) Unsent(master string) []cluster.Presence {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []cluster.Presence
	for name, claim := range r.unsent {
		p := cluster.Presence{Name: name}
		if s := r.attachments[name]; s != nil && s.open {
			s.shared = s.seen
			p.Agent = &cluster.Agent{
				Master: master, Seen: s.seen, Stale: r.stateOf(s) != proto.RegisteredAgent_ACTIVE, Runs: s.report.GetRuns(),
				AbandonedCalls: s.report.GetAbandonedCalls(), Revocations: s.revocations,
			}
			if claim {
				p.Claimed = func(revision int64) { r.claimed(s, revision) }
			}
		}
		all = append(all, p)
	}
	clear(r.unsent)
	return all
}

// claimed notes by which revision others were told of an attachment.
func (r *roster) claimed(s *attachment, revision int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.claimed = revision
}

// Moved implements cluster.Agents.
func (r *roster) Moved(name string, live *cluster.Agent, revision int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if live == nil {
		if e := r.remote[name]; e != nil && e.live {
			e.live, e.since = false, r.now()
			e.state = r.remoteState(e)
			r.hear()
			r.bump()
		}
		return
	}
	before := r.remote[name]
	e := &remoteAgent{Agent: *live, live: true, revision: revision, since: r.now()}
	e.state = r.remoteState(e)
	r.remote[name] = e
	r.hear()
	if before == nil || before.state != e.state || before.Runs != e.Runs || before.AbandonedCalls != e.AbandonedCalls || before.live != e.live {
		r.bump()
	}
	// A claim of before is one that this master has taken over. While its own is under way, that one comes later.
	if s := r.attachments[name]; s != nil && s.open && s.claimed != 0 && revision > s.claimed {
		s.open = false
		close(s.left)
	}
}

// OnlyElsewhere implements cluster.Agents.
func (r *roster) OnlyElsewhere(there map[string]bool) {
	for _, name := range r.liveAway() {
		if !there[name] {
			r.Moved(name, nil, 0)
		}
	}
}

func (r *roster) liveAway() (names []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, e := range r.remote {
		if e.live {
			names = append(names, name)
		}
	}
	return names
}

// remoteState is the state of an agent elsewhere. One whose master is lost has as long to come back as if that were this one.
func (r *roster) remoteState(e *remoteAgent) proto.RegisteredAgent_State {
	switch {
	case e.live && !e.Stale:
		return proto.RegisteredAgent_ACTIVE
	case e.live:
		return proto.RegisteredAgent_STALE
	case r.now().Sub(e.since) > r.goneAfter:
		return proto.RegisteredAgent_GONE
	}
	return proto.RegisteredAgent_STALE
}

// masterOf is the other master to which an agent is attached; "": there is none.
func (r *roster) masterOf(name string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.remote[name]; e != nil && e.live {
		return e.Master
	}
	return ""
}

// here are the agents that are attached to this master.
func (r *roster) here() (names []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, s := range r.attachments {
		if s.open {
			names = append(names, name)
		}
	}
	return names
}
