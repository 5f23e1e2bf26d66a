package registry

import (
	"time"

	"sloth-runner/proto"
)

// tellEvery is how old may be what other masters know of when an agent was last seen.
const tellEvery = 30 * time.Second

// elsewhere is an agent that is attached to another master, or was.
type elsewhere struct {
	liveAgent
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

// claimAll notes that others have to be told of all agents that are here.
func (r *roster) claimAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, s := range r.seats {
		if s.open {
			s.claimed = 0
			r.tellOthers(name, true)
		}
	}
}

// presence is what others have to be told of an agent; nil: it is not here any more.
type presence struct {
	name  string
	live  *liveAgent
	claim bool
	seat  *seat
}

// takeUntold returns what others have to be told.
func (r *roster) takeUntold(master string) []presence {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []presence
	for name, claim := range r.untold {
		p := presence{name: name, seat: r.seats[name]}
		if s := p.seat; s != nil && s.open {
			p.claim, s.told = claim, s.seen
			p.live = &liveAgent{
				Master: master, Seen: s.seen, Stale: r.stateOf(s) != proto.RegisteredAgent_ACTIVE, Runs: s.report.GetRuns(),
				AbandonedCalls: s.report.GetAbandonedCalls(), Revocations: s.revocations,
			}
		}
		all = append(all, p)
	}
	clear(r.untold)
	return all
}

// claimed notes by which revision others were told.
func (r *roster) claimed(told []presence, revision int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range told {
		if p.claim {
			p.seat.claimed = revision
		}
	}
}

// moved notes that an agent is attached to another master, whose claim has the revision; nil: to none.
func (r *roster) moved(name string, live *liveAgent, revision int64) {
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
	e := &elsewhere{liveAgent: *live, live: true, revision: revision, since: r.now()}
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

// onlyAway forgets of agents elsewhere those that are not there.
func (r *roster) onlyAway(there map[string]bool) {
	for _, name := range r.liveAway() {
		if !there[name] {
			r.moved(name, nil, 0)
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
