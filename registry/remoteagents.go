package registry

import (
	"time"

	"sloth-runner/proto"
	"sloth-runner/registry/cluster"
)

// shareInterval is how old the other masters' time of an agent's last report may be.
const shareInterval = 30 * time.Second

// remoteAgent is an agent that is, or was, attached to another master.
type remoteAgent struct {
	cluster.Agent
	live     bool
	revision int64
	since    time.Time // when this master learned of it
	state    proto.RegisteredAgent_State
}

// share prepares a roster for sending its changes to other masters.
func (r *roster) share() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remote, r.unsent = map[string]*remoteAgent{}, map[string]bool{}
}

// markUnsent records that an agent's change has to be sent to the other masters. The lock is held.
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

// claimed records the revision at which the other masters learned of an attachment.
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
	// This master has replaced an earlier claim. Its own claim may still be in progress, and then comes later.
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

// remoteState returns the state of a remote agent. When its master is lost, it gets the usual time to attach again.
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

// masterOf returns the other master to which an agent is attached, or "".
func (r *roster) masterOf(name string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.remote[name]; e != nil && e.live {
		return e.Master
	}
	return ""
}

// here returns the agents that are attached to this master.
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
