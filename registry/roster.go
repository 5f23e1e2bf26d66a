package registry

import (
	"sync"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/proto"
)

// maxNotes limits the unsent notes for an attached agent. Revocations don't count: only the newest list is sent.
const maxNotes = 32

// roster is the state of all agents. It is in memory only.
type roster struct {
	now       func() time.Time
	interval  time.Duration
	goneAfter time.Duration
	began     time.Time

	mu          sync.Mutex
	attachments map[string]*attachment
	version     uint64
	changed     chan struct{} // closed and replaced with each version
	heard       chan struct{} // closed and replaced when agents confirm revocations, or leave
	// remote are the agents of other masters. unsent are the names of agents whose changes have to be sent to them.
	// Both are nil without other masters.
	remote map[string]*remoteAgent
	unsent map[string]bool // true: the agent is claimed
	wake   chan struct{}   // sent to when there is something unsent
}

// attachment is the last attachment of an agent, also after it has ended. All fields except notes and left are guarded
// by the roster.
type attachment struct {
	report *proto.AgentReport
	seen   time.Time
	gone   bool
	// state is the state in the last list.
	state   proto.RegisteredAgent_State
	written time.Time // the time in the store
	open    bool
	notes   chan *proto.MasterNote
	left    chan struct{} // closed when another attachment has replaced this one
	// claimed is the revision at which other masters learned of it, and shared the time of the last change that they
	// got.
	claimed int64
	shared  time.Time
	// revocations is the number of the agent's list.
	revocations int64
}

func newRoster(config ServiceConfig) *roster {
	now := config.Now()
	return &roster{
		now: config.Now, interval: config.Interval, goneAfter: config.GoneAfter, began: now,
		attachments: map[string]*attachment{}, changed: make(chan struct{}), heard: make(chan struct{}), wake: make(chan struct{}, 1),
		// The versions of this master differ from those before a restart.
		version: uint64(now.UnixNano()),
	}
}

// enter attaches an agent, and replaces an earlier attachment.
func (r *roster) enter(name string, report *proto.AgentReport, written time.Time) *attachment {
	r.mu.Lock()
	defer r.mu.Unlock()
	if before := r.attachments[name]; before != nil && before.open {
		before.open = false
		close(before.left)
	}
	s := &attachment{
		report: report, seen: r.now(), state: proto.RegisteredAgent_ACTIVE, written: written, open: true,
		notes: make(chan *proto.MasterNote, maxNotes), left: make(chan struct{}), revocations: report.GetRevocations(),
	}
	r.attachments[name] = s
	r.markUnsent(name, true)
	r.bump()
	return s
}

// reported records an agent's report.
func (r *roster) reported(name string, s *attachment, report *proto.AgentReport) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !s.open {
		return
	}
	s.seen = r.now()
	if number := report.GetRevocations(); number != s.revocations {
		s.revocations = number
		r.hear()
		r.markUnsent(name, false)
	}
	switch {
	case report.GetVersion() != "":
		s.report = report
		r.bump()
	case report.GetRuns() != s.report.GetRuns(), report.GetAbandonedCalls() != s.report.GetAbandonedCalls():
		s.report.Runs, s.report.AbandonedCalls = report.GetRuns(), report.GetAbandonedCalls()
		r.markUnsent(name, false)
		r.bump()
	}
	r.settle(name, s, s.seen)
}

// leave ends an attachment. gone means that the agent has reported that it stops. current is false when another
// attachment has replaced this one.
func (r *roster) leave(name string, s *attachment, gone bool) (current bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !s.open {
		return false
	}
	s.open, s.gone = false, gone
	r.hear()
	r.markUnsent(name, false)
	r.settle(name, s, r.now())
	return true
}

// settle publishes a change of state. The lock is held.
func (r *roster) settle(name string, s *attachment, now time.Time) {
	if state := r.stateAt(s.gone, s.seen, now); state != s.state {
		s.state = state
		r.markUnsent(name, false)
		r.bump()
	}
}

// sweep publishes the changes of state that time has caused.
func (r *roster) sweep() {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	for name, s := range r.attachments {
		r.settle(name, s, now)
		if s.open && s.seen.Sub(s.shared) > shareInterval {
			r.markUnsent(name, false)
		}
	}
	for _, e := range r.remote {
		if state := r.remoteState(e); state != e.state {
			e.state = state
			r.bump()
		}
	}
}

func (r *roster) stateOf(s *attachment) proto.RegisteredAgent_State {
	return r.state(s.gone, s.seen)
}

func (r *roster) state(gone bool, seen time.Time) proto.RegisteredAgent_State {
	return r.stateAt(gone, seen, r.now())
}

func (r *roster) stateAt(gone bool, seen, now time.Time) proto.RegisteredAgent_State {
	silent := now.Sub(seen)
	switch {
	case gone, silent > r.goneAfter:
		return proto.RegisteredAgent_GONE
	case silent > 3*r.interval:
		return proto.RegisteredAgent_STALE
	}
	return proto.RegisteredAgent_ACTIVE
}

// isThere reports whether an agent is attached to any master and not gone.
func (r *roster) isThere(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.remote[name]; e != nil && e.live {
		return true
	}
	s := r.attachments[name]
	return s != nil && s.open && r.stateOf(s) != proto.RegisteredAgent_GONE
}

// notify sends a note to an agent. It returns false when the agent is not attached, or its notes are full.
func (r *roster) notify(name string, note *proto.MasterNote) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.attachments[name]
	if s == nil || !s.open {
		return false
	}
	select {
	case s.notes <- note:
		return true
	default:
		return false
	}
}

// isAttached reports whether an agent is attached to this master.
func (r *roster) isAttached(name string) bool {
	attached, _ := r.dialsOut(name)
	return attached
}

// dialsOut reports whether an agent is attached and takes calls.
func (r *roster) dialsOut(name string) (attached, dialOut bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.attachments[name]
	return s != nil && s.open, s != nil && s.report.GetDialOut()
}

// forget ends an agent's attachment, and removes its state.
func (r *roster) forget(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.attachments[name]; s != nil && s.open {
		s.open = false
		close(s.left)
		r.hear()
		r.markUnsent(name, false)
	}
	delete(r.attachments, name)
	r.bump()
}

// touch increases the version of the list.
func (r *roster) touch() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bump()
}

func (r *roster) bump() {
	r.version++
	close(r.changed)
	r.changed = make(chan struct{})
}

// watch returns the version of the list, and a channel that is closed when it changes.
func (r *roster) watch() (uint64, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.version, r.changed
}

// unwritten returns the agents whose last report has to be written, with its time.
func (r *roster) unwritten(age time.Duration) map[string]time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	due := map[string]time.Time{}
	for name, s := range r.attachments {
		if s.seen.Sub(s.written) > age {
			due[name], s.written = s.seen, s.seen
		}
	}
	return due
}

// registered joins the record of an agent with its state.
func (r *roster) registered(a agentRecord) *proto.RegisteredAgent {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := &proto.RegisteredAgent{
		Name: a.Name, Address: a.Address, DialOut: a.DialOut, Tags: a.allTags(), Version: a.Version, Protocol: a.Protocol,
		Os: a.OS, Arch: a.Arch, Account: a.Account, Joined: timestamppb.New(a.Joined),
	}
	if !a.Expires.IsZero() {
		out.Expires = timestamppb.New(a.Expires)
	}
	s, e := r.attachments[a.Name], r.remote[a.Name]
	switch {
	case s != nil && (s.open || e == nil || !e.live && s.seen.After(e.Seen)):
		out.State, out.LastSeen, out.Runs = r.stateOf(s), timestamppb.New(s.seen), s.report.GetRuns()
		out.AbandonedCalls = s.report.GetAbandonedCalls()
		return out
	case e != nil && e.live:
		out.State, out.LastSeen, out.Runs = r.remoteState(e), timestamppb.New(e.Seen), e.Runs
		out.AbandonedCalls = e.AbandonedCalls
		return out
	case e != nil: // it was attached until its master was lost, or it left
		a.LastSeen = later(a.LastSeen, e.since)
	}
	if a.LastSeen.IsZero() {
		return out // it has never attached
	}
	out.LastSeen = timestamppb.New(a.LastSeen)
	// It was attached when the master stopped, and has had only the time since the start to attach again.
	if out.State = r.state(a.Gone, later(a.LastSeen, r.began)); out.State == proto.RegisteredAgent_ACTIVE {
		out.State = proto.RegisteredAgent_STALE
	}
	return out
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
