package runner

import (
	"fmt"
	"time"

	"sloth-runner/plan"
)

const (
	// stopGrace is how much longer than its limit a host is given: its agent has to stop the processes and to report
	// that.
	stopGrace = 10 * time.Second
	// endGrace is how long an agent may take to end its run after all tasks have ended.
	endGrace = 30 * time.Second
	// lateBytes are accepted from a host after its limit and the grace: they may have been in transit.
	lateBytes = 4 << 20
)

// overdue is the error for a host that did not keep to a limit.
type overdue struct{ what string }

func (o overdue) Error() string { return "it did not stop in time: " + o.what }

// limit is a moment by which a host must have sent something. Only time counts in which the runner was ready to receive:
// a host is not to blame when its events are not taken.
type limit struct {
	due    time.Time
	grace  time.Duration
	cause  error
	waited time.Duration // after due
	late   int           // bytes that came after due and grace
}

// left returns how much longer the runner waits for the host.
func (l *limit) left(now time.Time) time.Duration {
	return max(l.due.Sub(now), 0) + l.grace - l.waited
}

// count records that the runner waited for the host from one moment to another, and then received size bytes. lost is the
// part of this time in which this process did not run.
func (l *limit) count(from, to time.Time, lost time.Duration, size int) {
	if from.Before(l.due) {
		l.due = l.due.Add(lost)
		l.waited += max(to.Sub(l.due), 0)
	} else {
		l.due = l.due.Add(lost)
		l.waited += max(to.Sub(from)-lost, 0)
	}
	if to.Sub(l.due) > l.grace {
		l.late += size
	}
}

func (l *limit) passed() bool { return l.waited >= l.grace || l.late > lateBytes }

// limits are the limits that apply to a host now. Only the host's goroutine uses them.
type limits struct{ running map[plan.TaskRef]*limit }

// The keys of limits that belong to no task: no task has an empty name.
var (
	limitOfHost = plan.TaskRef{Group: "host"}
	limitOfEnd  = plan.TaskRef{Group: "end"}
)

func newLimits(work time.Duration) *limits {
	l := &limits{running: map[plan.TaskRef]*limit{}}
	if work > 0 {
		l.begin(limitOfHost, work, stopGrace, fmt.Sprintf("its limit was %v", work))
	}
	return l
}

func (l *limits) begin(id plan.TaskRef, after, grace time.Duration, what string) {
	l.running[id] = &limit{due: time.Now().Add(after), grace: grace, cause: overdue{what}}
}

// started starts the limit of a task, if it has one.
func (l *limits) started(id plan.TaskRef, after time.Duration) {
	if after > 0 {
		l.begin(id, after, stopGrace, fmt.Sprintf("the limit of task %q was %v", id.Task, after))
	}
}

// finished removes the limit of a task.
func (l *limits) finished(id plan.TaskRef) { delete(l.running, id) }

// settled starts the limit within which the agent has to end its run, since all tasks have ended.
func (l *limits) settled() {
	l.begin(limitOfEnd, 0, endGrace, "all its tasks have ended, and it did not say that nothing is left of them")
}

// next returns the limit that is reached first if the host sends nothing; nil: there is none.
func (l *limits) next(now time.Time) *limit {
	var first *limit
	for _, one := range l.running {
		if first == nil || one.left(now) < first.left(now) {
			first = one
		}
	}
	return first
}

// count records the wait in all limits, and returns the reason to give the host up, or nil.
func (l *limits) count(from, to time.Time, lost time.Duration, size int) error {
	for _, one := range l.running {
		if one.count(from, to, lost, size); one.passed() {
			return one.cause
		}
	}
	return nil
}
