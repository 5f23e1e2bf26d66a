package runner

import (
	"context"
	"sync"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"sloth-runner/internal/credential"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// Run runs the jobs and returns when all hosts have finished. When c.Interrupt is closed it returns early: when all hosts
// have confirmed that their processes are stopped, or after a few seconds. When ctx ends it returns at once, and the
// agents kill what still runs, without confirmation. The error is for a config that can't be run; failures of hosts and
// tasks are in the result.
func Run(ctx context.Context, c Config) (*state.Run, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	targets := c.targets()
	d := &dispatcher{
		config: &c, run: new(state.Run), inbox: newInbox(),
		jobs: c.jobs(), barriers: newBarriers(c.Jobs), hosts: make(map[string]*host, len(targets)),
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

// interruptedText is the notice after Ctrl-C, while the run stops.
const interruptedText = "interrupted: stopping what runs on the hosts; once more leaves at once"

// dispatcher receives the events of all hosts, updates the run's state and makes the decisions. Only the goroutine of Run
// uses it, except where a field says otherwise.
type dispatcher struct {
	config *Config
	// run is the state of the run, the sum of all events.
	run *state.Run
	// jobs are the config's, by task; barriers decide when they start. The hosts' goroutines read only what never changes
	// in both.
	jobs     map[plan.TaskRef]*Job
	inbox    *inbox
	barriers *barriers
	hosts    map[string]*host
	// trials are used by the hosts' goroutines.
	trials credential.Trials
	pauses *pauses
	// stdin is the standard input of the task; nil: it is empty.
	stdin *stdin
}

// startHosts starts the hosts in their order, each when a slot is free.
func (d *dispatcher) startHosts(ctx context.Context, targets []inventory.Target, working *sync.WaitGroup) {
	for _, target := range targets {
		h := d.hosts[target.Name]
		began := time.Now()
		admitted := h.admit()
		working.Go(func() { h.run(ctx, began, admitted) })
	}
}

// work handles events until all hosts are finished.
func (d *dispatcher) work(left int) {
	interrupt := d.config.Interrupt
	for left > 0 {
		interrupt = d.notify(interrupt)
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
	d.notify(interrupt)
}

// notify publishes the notices that go before the waiting events: that the run was interrupted, unless interrupt is nil,
// and that there was a pause. It returns the interrupt that is still to be watched, nil after its notice.
func (d *dispatcher) notify(interrupt <-chan struct{}) <-chan struct{} {
	if isClosed(interrupt) {
		interrupt = nil
		d.notice(interruptedText)
	}
	if length := d.pauses.unsaid(); length > 0 {
		d.notice(pauseText(length))
	}
	return interrupt
}

// notice publishes a notice about the whole run.
func (d *dispatcher) notice(text string) {
	d.publish(&proto.Event{Kind: &proto.Event_Notice{Notice: &proto.Notice{Text: text}}})
}

// settle sends the verdicts that follow from the end of a task.
func (d *dispatcher) settle(from *host, task *state.Task) {
	for _, v := range d.barriers.settle(from.target.Name, task) {
		d.hosts[v.host].tell(v)
	}
}

func (d *dispatcher) parkIfWaiting(h *host) {
	if h.slot.slots != nil && d.barriers.waits(h.target.Name) {
		h.slot.park()
	}
}

func (d *dispatcher) finish(began time.Time) {
	interrupted := isClosed(d.config.Interrupt)
	d.publish(&proto.Event{Kind: &proto.Event_RunFinished{RunFinished: &proto.RunFinished{
		ExitStatus:  int32(exitStatus(d.run, interrupted)),
		Interrupted: interrupted,
		Duration:    durationpb.New(time.Since(began)),
	}}})
}

// publish sets the event's time, updates the state, passes the event to the sinks, and returns the tasks that ended by
// it.
func (d *dispatcher) publish(event *proto.Event) []*state.Task {
	event.Time = timestamppb.Now()
	settled := d.run.Apply(event)
	for _, sink := range d.config.Sinks {
		sink.Event(event)
	}
	return settled
}

// exitStatus returns the exit status of the process after a run. A cancelled or skipped host counts as failed, unless a
// missing host may be the reason.
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
