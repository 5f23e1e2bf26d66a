package registry

import (
	"time"

	"sloth-runner/proto"
	"sloth-runner/registry/cluster"
)

// tellEvery is how old may be what other masters know of when an agent was last seen.
const tellEvery = 30 * time.Second

// elsewhere is an agent that is attached to another master, or was.
type elsewhere struct {
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
	r.away, r.untold = map[string]*elsewhere{}, map[string]bool{}
}

// tellOthers notes that other masters have to be told of an agent. The lock is held.
func (r *roster) tellOthers(name string, claim bool) {
	if r.untold == nil {
		return
	}
	r.untold[name] = claim || r.untold[name]
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
	for name, s := range r.seats {
		if s.open {
			s.claimed = 0
			r.tellOthers(name, true)
		}
	}
}

// Unsent implements cluster.Agents.
func (r *roster) Unsent(master string) []cluster.Presence {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []cluster.Presence
	for name, claim := range r.untold {
		p := cluster.Presence{Name: name}
		if s := r.seats[name]; s != nil && s.open {
			s.told = s.seen
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
	clear(r.untold)
	return all
}

// claimed notes by which revision others were told of an attachment.
func (r *roster) claimed(s *seat, revision int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.claimed = revision
}

// Moved implements cluster.Agents.
func (r *roster) Moved(name string, live *cluster.Agent, revision int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if live == nil {
		if e := r.away[name]; e != nil && e.live {
			e.live, e.since = false, r.now()
			e.state = r.stateAway(e)
			r.hear()
			r.bump()
		}
		return
	}
	before := r.away[name]
	e := &elsewhere{Agent: *live, live: true, revision: revision, since: r.now()}
	e.state = r.stateAway(e)
	r.away[name] = e
	r.hear()
	if before == nil || before.state != e.state || before.Runs != e.Runs || before.AbandonedCalls != e.AbandonedCalls || before.live != e.live {
		r.bump()
	}
	// A claim of before is one that this master has taken over. While its own is under way, that one comes later.
	if s := r.seats[name]; s != nil && s.open && s.claimed != 0 && revision > s.claimed {
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
	for name, e := range r.away {
		if e.live {
			names = append(names, name)
		}
	}
	return names
}

// stateAway is the state of an agent elsewhere. One whose master is lost has as long to come back as if that were this one.
func (r *roster) stateAway(e *elsewhere) proto.RegisteredAgent_State {
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
	if e := r.away[name]; e != nil && e.live {
		return e.Master
	}
	return ""
}

// here are the agents that are attached to this master.
func (r *roster) here() (names []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, s := range r.seats {
		if s.open {
			names = append(names, name)
		}
	}
	return names
}
