package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/proto"
	"sloth-runner/view/printed"
)

// exec is what a run of one command shows.
func (s *script) exec(gathered bool, change func(*Config)) *streams {
	shown := new(streams)
	c := shown.config()
	if change != nil {
		change(&c)
	}
	x := newExec(c, gathered)
	s.into(x)
	if err := x.Close(); err != nil {
		panic(err)
	}
	return shown
}

func webHosts(n int) []*proto.RunHost {
	var hosts []*proto.RunHost
	for i := range n {
		hosts = append(hosts, &proto.RunHost{Name: fmt.Sprintf("web-%d", i+1), Address: fmt.Sprintf("10.0.0.%d:22", i+1)})
	}
	return hosts
}

func check(t *testing.T, what, got, want string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// When all goes well, what hosts print is all that is printed.
func TestExecSaysNothingOfItsOwn(t *testing.T) {
	hosts := webHosts(2)
	run := begin("id", []string{"task"}, hosts...).connecting(hosts...).connected(hosts...)
	run.output("web-1", proto.Output_STDOUT, "one\r\ntwo").output("web-2", proto.Output_STDERR, "oh\x1b[2J\x07\n")
	shown := run.succeeds("task", hosts...).end(0, false).exec(false, nil)
	check(t, "stdout", shown.out.String(), "web-1 | one\nweb-1 | two\n")
	check(t, "stderr", shown.err.String(), `web-2 ! oh\x07`+"\n")
}

// Who did not succeed is said once, by reason, and what to type for them.
func TestExecFailures(t *testing.T) {
	hosts := webHosts(5)
	run := begin("id", []string{"task"}, hosts...).connecting(hosts...).connected(hosts[:4]...)
	run.output("web-1", proto.Output_STDOUT, "hello\n").succeeds("task", hosts[0])
	run.fails("task", 3, "exit status 3", "no such file", hosts[1], hosts[2])
	run.hostFinished("web-4", proto.HostFinished_LOST, &proto.Failure{Stage: proto.Failure_LOST, Reason: "link broke"})
	run.hostFinished("web-5", proto.HostFinished_UNREACHABLE, &proto.Failure{
		Stage: proto.Failure_CONNECT, Reason: "connection refused", Hint: "is it on?"})
	shown := run.end(4, false).exec(false, func(c *Config) { c.Again, c.AgainEnd = "sloth-runner exec", " -- cat x" })
	check(t, "stdout", shown.out.String(), "web-1 | hello\n")
	check(t, "stderr", shown.err.String(), `
❌ web-[2-3]: exit status 3
🔌 web-5: connect: connection refused
   hint: is it on?
📡 web-4: link broke

Run:   id (2.1s): 1 of 5 hosts succeeded
Again: sloth-runner exec web-4,web-5,web-2,web-3 -- cat x
`)
}

// What hosts print is gathered by stdout, stderr and end, whatever the order in which it came; hosts that print nothing
// are left out.
func TestExecGathered(t *testing.T) {
	hosts := webHosts(6)
	run := begin("id", []string{"task"}, hosts...).connected(hosts...)
	run.output("web-3", proto.Output_STDERR, "warning\n").output("web-3", proto.Output_STDOUT, "6.1\n")
	run.output("web-1", proto.Output_STDOUT, "6.1\n").output("web-1", proto.Output_STDERR, "warning\n")
	run.output("web-4", proto.Output_STDOUT, "6.1\n").output("web-2", proto.Output_STDOUT, "5.10\n").output("web-5", proto.Output_STDOUT, "5.10\n")
	run.succeeds("task", hosts[0], hosts[1], hosts[2], hosts[3], hosts[5])
	shown := run.fails("task", 3, "exit status 3", "", hosts[4]).end(1, false).exec(true, nil)
	check(t, "stdout", shown.out.String(), `----------------
web-[1,3] (2 hosts)
----------------
6.1
! warning
----------------
web-2
----------------
5.10
----------------
web-4
----------------
6.1
----------------
web-5, exit status 3
----------------
5.10
`)
	check(t, "stderr", shown.err.String(), "\n❌ web-5: exit status 3\n\nRun:   id (2.1s): 5 of 6 hosts succeeded\n")
}

// A text that is too long is cut at the end of a line, and says where the whole is.
func TestExecGatheredIsCut(t *testing.T) {
	hosts := webHosts(2)
	run := begin("id", []string{"task"}, hosts...).connected(hosts...)
	for range 100 {
		for _, host := range hosts {
			run.output(host.GetName(), proto.Output_STDOUT, strings.Repeat("0123456789abcde\n", 1000))
		}
	}
	lines := strings.Split(run.succeeds("task", hosts...).end(0, false).exec(true, nil).out.String(), "\n")
	want := "… [cut, `sloth-runner runs logs id web-1` has all of it]"
	if n := len(lines); n != 3+printed.MostOfOne/16+2 || lines[n-2] != want || lines[n-3] != "0123456789abcde" {
		t.Errorf("%d lines, the last %q", n, lines[n-3:])
	}
}

// A hostile host speaks for itself only.
func TestExecGathersOfItsHostsOnly(t *testing.T) {
	hosts := webHosts(1)
	run := begin("id", []string{"task"}, hosts...).connected(hosts...).output("elsewhere", proto.Output_STDOUT, "hello\n")
	check(t, "stdout", run.succeeds("task", hosts...).end(0, false).exec(true, nil).out.String(), "")
}
