package runner

import (
	"fmt"
	"time"

	"sloth-runner/plan"
)

const (
	// stopGrace is how much longer than its limit a host is given: its agent has to end what runs, and to say so.
	stopGrace = 10 * time.Second
	// endGrace is how long an agent may take to end its run once all tasks have ended.
	endGrace = 30 * time.Second
	// lateBytes are taken from a host after its limit and the grace: they can have been on their way.
	lateBytes = 4 << 20
)

// overdue is why a host is given up that does not keep to a limit.
type overdue struct{ what string }

func (o overdue) Error() string { return "it did not stop in time: " + o.what }

// limit is a moment by which a host has to have said something. Only time counts in which it was waited for: a host can't
// help it when what it says is not taken.
type limit struct {
	due    time.Time
	grace  time.Duration
	cause  error
	waited time.Duration // after due
	late   int           // bytes that came after due and grace
}

// left is how much longer the host may be waited for.
func (l *limit) left(now time.Time) time.Duration {
	return max(l.due.Sub(now), 0) + l.grace - l.waited
}

// count notes that the host was waited for, and that an event of so many bytes came. This process did not run for the time
// lost.
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

// limits are those that hold for a host now. Only the host's goroutine uses them.
type limits struct{ running map[plan.TaskRef]*limit }

// The keys of limits that belong to no task. No task has an empty name.
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

// started begins the limit of a task, if it has one.
func (l *limits) started(id plan.TaskRef, after time.Duration) {
	if after > 0 {
		l.begin(id, after, stopGrace, fmt.Sprintf("the limit of task %q was %v", id.Task, after))
	}
}

// finished ends the limit of a task.
func (l *limits) finished(id plan.TaskRef) { delete(l.running, id) }

// settled begins the time in which the agent has to end its run: all tasks have ended.
func (l *limits) settled() {
	l.begin(limitOfEnd, 0, endGrace, "all its tasks have ended, and it did not say that nothing is left of them")
}

// next returns the limit that is reached first if the host says nothing; nil: there is none.
func (l *limits) next(now time.Time) *limit {
	var first *limit
	for _, one := range l.running {
		if first == nil || one.left(now) < first.left(now) {
			first = one
		}
	}
	return first
}

// count notes that the host was waited for, and returns why it is given up, if it is.
func (l *limits) count(from, to time.Time, lost time.Duration, size int) error {
	for _, one := range l.running {
		if one.count(from, to, lost, size); one.passed() {
			return one.cause
		}
	}
	return nil
}
