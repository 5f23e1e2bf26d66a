package runner

import (
	"context"
	"sync"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/internal/exitstatus"
	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// Run runs the jobs and returns when every host has come to its end. It ends early when c.Interrupt is closed, after
// the hosts have confirmed that nothing runs any more or a few seconds, and at once when ctx ends: what then still runs
// on hosts is killed by their agents, unconfirmed. The error is for a config that can't be run; what happens on hosts is
// in the result.
func Run(ctx context.Context, c Config) (*state.Run, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	targets := c.targets()
	d := &desk{
		config: &c, run: new(state.Run), inbox: newInbox(),
		jobs: c.jobs(), barriers: newBarriers(c.Jobs), hosts: make(map[string]*host, len(targets)), gates: newGates(),
		pauses: newPauses(bootClock),
	}
	if c.Stdin != nil {
		d.stdin = newStdin(c.Stdin, c.Forks > 0 && c.Forks < len(targets))
	}
	began := time.Now()
	d.publish(&proto.Event{Kind: &proto.Event_RunStarted{RunStarted: c.started(targets, d.barriers)}})
	d.barriers.begin(d.run)
	for _, text := range c.Notices {
		d.notice(text)
	}
	var working sync.WaitGroup
	slots := newSlots(c.Forks)
	for _, target := range targets {
		h := newHost(d, target, slots)
		d.hosts[target.Name] = h
	}
	working.Go(func() { d.startHosts(ctx, targets, &working) })
	watching, stopWatching := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { d.pauses.watch(watching) })
	d.work(len(targets))
	stopWatching()
	watch.Wait()
	working.Wait()
	if d.stdin != nil {
		d.stdin.close()
	}
	d.finish(began)
	return d.run, nil
}

// interruptedText is what a person should know who has pressed Ctrl-C and waits.
const interruptedText = "interrupted: stopping what runs on the hosts; once more leaves at once"

// desk is where the events of all hosts meet. Only the goroutine of Run works at it.
type desk struct {
	config *Config
	// run is what became of all events.
	run *state.Run
	// jobs are those of the config by their names; barriers decide for them. The hosts' goroutines read of both what never
	// changes.
	jobs     map[plan.TaskRef]*Job
	inbox    *inbox
	barriers *barriers
	hosts    map[string]*host
	// gates are for the goroutines of the hosts.
	gates  *gates
	pauses *pauses
	// stdin is the standard input of the task; nil: it is empty.
	stdin *stdin
}

// startHosts starts the hosts in their order, each when there is room for it.
func (d *desk) startHosts(ctx context.Context, targets []inventory.Target, working *sync.WaitGroup) {
	for _, target := range targets {
		h := d.hosts[target.Name]
		began := time.Now()
		admitted := h.admit()
		working.Go(func() { h.run(ctx, began, admitted) })
	}
}

// work handles events until all hosts are finished.
func (d *desk) work(left int) {
	interrupt := d.config.Interrupt
	for left > 0 {
		interrupt = d.heed(interrupt)
		m := d.inbox.take()
		if m == nil {
			select {
			case <-d.inbox.ready:
			case <-interrupt:
			case <-d.pauses.seen:
			}
			continue
		}
		m.event.Host = m.from.target.Name
		for _, task := range d.publish(m.event) {
			d.settle(m.from, task)
		}
		switch m.event.GetKind().(type) {
		case *proto.Event_HostConnected, *proto.Event_TaskFinished:
			d.parkIfWaiting(m.from)
		case *proto.Event_HostFinished:
			left--
		}
	}
	d.heed(interrupt)
}

// heed says what comes before all that waits: that the run was interrupted, unless interrupt is nil, and that there was a
// pause. It returns the interrupt that is still to be heeded.
func (d *desk) heed(interrupt <-chan struct{}) <-chan struct{} {
	if isClosed(interrupt) {
		interrupt = nil
		d.notice(interruptedText)
	}
	if length := d.pauses.unsaid(); length > 0 {
		d.notice(pauseText(length))
	}
	return interrupt
}

// notice says something of the run as a whole.
func (d *desk) notice(text string) {
	d.publish(&proto.Event{Kind: &proto.Event_Notice{Notice: &proto.Notice{Text: text}}})
}

// settle opens or shuts what waited for the end of this task.
func (d *desk) settle(from *host, task *state.Task) {
	for _, v := range d.barriers.settle(from.target.Name, task) {
		d.hosts[v.host].tell(v)
	}
}

func (d *desk) parkIfWaiting(h *host) {
	if h.slot.slots != nil && d.barriers.waits(h.target.Name) {
		h.slot.park()
	}
}

func (d *desk) finish(began time.Time) {
	interrupted := isClosed(d.config.Interrupt)
	d.publish(&proto.Event{Kind: &proto.Event_RunFinished{RunFinished: &proto.RunFinished{
		ExitStatus:  int32(exitStatus(d.run, interrupted)),
		Interrupted: interrupted,
		Duration:    durationpb.New(time.Since(began)),
	}}})
}

// publish stamps the event, hands it to everyone who watches, and returns the tasks that have ended with it.
func (d *desk) publish(event *proto.Event) []*state.Task {
	event.Time = timestamppb.Now()
	settled := d.run.Apply(event)
	for _, sink := range d.config.Sinks {
		sink.Event(event)
	}
	return settled
}

// exitStatus is the process's exit status for a run. A host that was cancelled or skipped has failed, unless a host that
// is missing may be the reason.
func exitStatus(r *state.Run, interrupted bool) int {
	missing := r.Count(state.Unreachable, state.Lost) > 0
	failed := r.Count(state.Failed) > 0 || !missing && r.Count(state.Success) < len(r.Hosts)
	return exitstatus.Of(failed, missing, interrupted)
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
