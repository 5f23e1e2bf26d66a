//go:build linux && lab

package lab

import (
	"testing"
	"time"

	"sloth-runner/proto"
)

// untilTold is a command that prints a line, and continues when the file /tmp/go exists.
const untilTold = "echo began; while [ ! -e /tmp/go ]; do sleep 0.05; done; "

// tell makes the command continue.
func tell(t *testing.T, hosts ...*Host) {
	t.Helper()
	for _, host := range hosts {
		if _, err := host.Run(t.Context(), "touch /tmp/go"); err != nil {
			t.Fatal(err)
		}
	}
}

// expectLost checks that a host was reported as lost, and the time from a moment until then.
func (op *operation) expectLost(t *testing.T, host *Host, since time.Time, limit time.Duration) {
	t.Helper()
	op.expectEnd(t, proto.HostFinished_LOST, host)
	end := op.endOf(t, host.Name)
	if end.GetHostFinished().GetFailure().GetStage() != proto.Failure_LOST {
		t.Errorf("%s: %v", host.Name, end)
	}
	if took := end.GetTime().AsTime().Sub(since); took > limit {
		t.Errorf("%s was reported as lost only after %v", host.Name, took)
	}
	for _, event := range events(t, op.stdout()) {
		if task := event.GetTaskFinished(); event.GetHost() == host.Name && task.GetOutcome() != proto.TaskFinished_LOST && task != nil {
			t.Errorf("%s: the outcome of its task is %v, and can't be known", host.Name, task)
		}
	}
}

// A host that loses power is reported as lost and the others are not affected. When it is up again, tasks run on it
// again.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	hosts := up(t, 3, Options{})
	o := newOperator(t, hosts...)
	file := o.task(t, untilTold+"echo ended")
	op := o.begin(t, file, "-o", "jsonl")
	op.awaitOutput(t, "began", 3)
	dead, alive := hosts[0], hosts[1:]
	killed := time.Now()
	if err := dead.Kill(); err != nil {
		t.Fatal(err)
	}
	tell(t, alive...)
	op.awaitEvents(t, "the end of the others", 2, func(e *proto.Event) bool { return e.GetHostFinished().GetState() == proto.HostFinished_SUCCESS })
	if op.endOf(t, dead.Name) != nil {
		t.Error("the others ended only after the lost host")
	}
	op.expectStatus(t, 4)
	op.expectLost(t, dead, killed, 20*time.Second)

	if err := dead.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	tell(t, dead)
	o.begin(t, file, "--delegate-to", dead.Name).expectStatus(t, 0)
}

// A host that loses its network is reported as lost. It notices by itself and stops the task, also a task whose output
// can't be sent.
func TestCableCut(t *testing.T) {
	t.Parallel()
	for name, command := range map[string]string{
		"quiet":    untilTold + "sleep 1000 & sleep 1000",
		"stubborn": "trap '' TERM HUP PIPE; " + untilTold + "sleep 1000 & while :; do sleep 1000; done",
		"talking":  untilTold + "exec yes 'nobody hears this'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hosts := up(t, 2, Options{})
			o := newOperator(t, hosts...)
			before := list(t, hosts...)
			op := o.begin(t, o.task(t, command), "-o", "jsonl", "--delegate-to", hosts[0].Name)
			op.awaitOutput(t, "began", 1)
			cut := time.Now()
			if err := hosts[0].Cut(); err != nil {
				t.Fatal(err)
			}
			tell(t, hosts[0])
			op.expectStatus(t, 4)
			op.expectLost(t, hosts[0], cut, 15*time.Second+slack)
			// The agent notices at about the same time as the operator. Then its processes get some time to end.
			expectGone(t, 5*time.Second+slack, ours, hosts[0])
			if err := hosts[0].Heal(); err != nil {
				t.Fatal(err)
			}
			if _, err := hosts[0].Run(t.Context(), "rm /tmp/go"); err != nil {
				t.Fatal(err)
			}
			// A run after a lost one works.
			o.begin(t, o.task(t, "hostname")).expectStatus(t, 0)
			expectGone(t, 5*time.Second+slack, ours, hosts...)
			expectOnlyCache(t, before, hosts...)
		})
	}
}
