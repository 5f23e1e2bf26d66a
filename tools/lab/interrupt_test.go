//go:build linux && lab

package lab

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"sloth-runner/proto"
)

// gone limits how long processes may stay on a host after the program was interrupted or killed.
const gone = 5 * time.Second

// stubborn is a command that ignores signals, with children that do the same.
const stubborn = "trap '' TERM HUP INT PIPE; sleep 1000 & (sleep 1000; :) & echo began; while :; do sleep 1000; done"

// midTask starts a run of a stubborn task on hosts of all kinds, and returns while it runs.
func midTask(t *testing.T) (op *operation, hosts []*Host, before listing) {
	t.Helper()
	hosts = mixed(t, 3)
	o := newOperator(t, hosts...)
	before = list(t, hosts...)
	op = o.begin(t, o.task(t, stubborn), "-o", "jsonl")
	op.awaitOutput(t, "began", len(hosts))
	for _, host := range hosts {
		if n, all := count(t, host, ours); n < 5 {
			t.Fatalf("%s has only %v: the test would prove nothing", host.Name, all)
		}
	}
	return op, hosts, before
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	op, hosts, before := midTask(t)
	op.signal(t, os.Interrupt)
	expectGone(t, gone, ours, hosts...)
	op.expectStatus(t, 130)
	op.expectEnd(t, proto.HostFinished_CANCELLED, hosts...)
	expectGone(t, gone, anything, hosts...)
	expectOnlyCache(t, before, hosts...)
}

func TestOperatorKilled(t *testing.T) {
	t.Parallel()
	op, hosts, before := midTask(t)
	op.signal(t, syscall.SIGKILL)
	expectGone(t, gone, anything, hosts...)
	expectOnlyCache(t, before, hosts...)
}

// The second Ctrl-C makes the program exit at once. It names the hosts that it could not stop; these stop by
// themselves.
func TestSecondInterrupt(t *testing.T) {
	t.Parallel()
	op, hosts, _ := midTask(t)
	if err := hosts[0].Cut(); err != nil {
		t.Fatal(err)
	}
	op.signal(t, os.Interrupt)
	op.awaitEvents(t, "the confirmation of the others", len(hosts)-1, func(e *proto.Event) bool { return e.GetHostFinished() != nil })
	op.signal(t, os.Interrupt)
	op.expectStatus(t, 130)
	op.expectEnd(t, proto.HostFinished_CANCELLED, hosts[1:]...)
	op.expectEnd(t, proto.HostFinished_LOST, hosts[0])
	if failure := op.endOf(t, hosts[0].Name).GetHostFinished().GetFailure(); !strings.Contains(failure.GetReason(), "before it confirmed") {
		t.Errorf("%v does not say what is unknown", failure)
	}
	expectGone(t, gone, anything, hosts[1:]...)
	expectGone(t, 20*time.Second, ours, hosts[0])
}

// Two signals at once have the same result: the program does not wait for the hosts, and they stop all the same.
func TestTwoInterruptsAtOnce(t *testing.T) {
	t.Parallel()
	op, hosts, before := midTask(t)
	op.signal(t, os.Interrupt)
	op.signal(t, syscall.SIGTERM)
	expectGone(t, gone, anything, hosts...)
	op.expectStatus(t, 130)
	expectOnlyCache(t, before, hosts...)
}

// A program that was interrupted does not wait for a host that does not answer.
func TestInterruptWhileConnecting(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	o.add(t, mute(t, "silent"))
	op := o.begin(t, o.task(t, "hostname"), "-o", "jsonl", "--connect-timeout", "1h")
	op.awaitEvents(t, "the attempt to connect", 1, func(e *proto.Event) bool { return e.GetHostConnecting() != nil })
	op.signal(t, os.Interrupt)
	op.expectStatus(t, 130)
	if end := op.endOf(t, "silent").GetHostFinished(); end.GetState() != proto.HostFinished_CANCELLED {
		t.Errorf("the host is %v", end)
	}
}
