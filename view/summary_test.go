package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/proto"
	"sloth-runner/view/results"
)

// tail is what a run shows after its last live line.
func tail(t *testing.T, s *script, change func(*Config)) string {
	t.Helper()
	text := s.text(change).both.String()
	at := strings.Index(text, "\n📊")
	if at < 0 {
		t.Fatalf("no results in:\n%s", text)
	}
	return text[at:]
}

func refused(host *proto.RunHost) *proto.Failure {
	return &proto.Failure{
		Stage:  proto.Failure_CONNECT,
		Reason: "dial tcp " + host.GetAddress() + ": connect: connection refused",
		Hint:   "is sshd running, and on this port",
	}
}

func TestThousandHostsAndThreeFailuresFitAScreen(t *testing.T) {
	hosts := numbered(1000)
	run := begin("20261107-101112-ab", []string{"prepare", "deploy"}, hosts...).connecting(hosts...).connected(hosts...)
	for _, host := range hosts {
		run.taskFinished(host.GetName(), "prepare", &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS})
	}
	run.succeeds("deploy", hosts[:997]...)
	run.fails("deploy", 3, "exit code 3", "checking\n\ndf: /opt: no space\tleft\ninstall: gave \x1b[31mup\x1b[0m\n", hosts[997])
	run.taskFinished(hosts[998].GetName(), "deploy", &proto.TaskFinished{
		Outcome: proto.TaskFinished_FAILED, Signal: "SIGKILL", StderrTail: []byte("one\ntwo\nthree\nfour\nfive\nsix\nseven\n")})
	run.hostFinished(hosts[998].GetName(), proto.HostFinished_FAILED, nil)
	run.hostFinished(hosts[999].GetName(), proto.HostFinished_UNREACHABLE, refused(hosts[999])).end(1, false)
	want := `
📊 Multi-Host Execution Results

Host            | Status         | Details
----------------|----------------|------------------------
web-[0001-0997] | ✅ Success     | Completed successfully
web-0998        | ❌ Failed      | task 'deploy' failed
web-0999        | ❌ Failed      | task 'deploy' failed
web-1000        | 🔌 Unreachable | failed to connect

┌─ ❌ Execution Summary ───────┐
│ Task:        group (2 tasks) │
│ Total:       1000 hosts      │
│ Success:     997             │
│ Failed:      2               │
│ Unreachable: 1               │
└──────────────────────────────┘

❌ web-0998: task 'deploy': exit code 3: install: gave up
   ! df: /opt: no space	left
   ! install: gave up
❌ web-0999: task 'deploy': SIGKILL: seven
   ! six
   ! seven
🔌 web-1000: connect: dial tcp 10.0.3.232:22: connect: connection refused
   hint: is sshd running, and on this port

Run:   20261107-101112-ab (2.1s)
Logs:  sloth-runner runs logs 20261107-101112-ab web-0998
Again: sloth-runner run -f deploy.sloth --delegate-to web-1000 --delegate-to web-0998 --delegate-to web-0999
`
	got := tail(t, run, func(c *Config) { c.Again = "sloth-runner run -f deploy.sloth" })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, width := range []int{0, 200, 80} {
		got := tail(t, run, func(c *Config) { c.Width = func() int { return width } })
		if n := results.ScreenLines(strings.Split(strings.TrimSuffix(got, "\n"), "\n"), width); n > results.SummaryLines {
			t.Errorf("%d lines on a screen of %d cells:\n%s", n, width, got)
		}
	}
}

func TestTheSameFailureOfManyHostsIsOne(t *testing.T) {
	hosts := numbered(1000)
	run := begin("id", []string{"deploy"}, hosts...).connecting(hosts...)
	for _, host := range hosts[:500] {
		run.hostFinished(host.GetName(), proto.HostFinished_UNREACHABLE, refused(host))
	}
	run.fails("deploy", 1, "no", "no space left\n", hosts[500:]...).end(1, false)
	want := `
📊 Multi-Host Execution Results

Host            | Status         | Details
----------------|----------------|----------------------
web-[0501-1000] | ❌ Failed      | task 'deploy' failed
web-[0001-0500] | 🔌 Unreachable | failed to connect

┌─ ❌ Execution Summary ──┐
│ Task:        deploy     │
│ Total:       1000 hosts │
│ Success:     0          │
│ Failed:      500        │
│ Unreachable: 500        │
└─────────────────────────┘

❌ web-[0501-1000]: task 'deploy': no
   ! no space left
🔌 web-[0001-0500]: connect: dial tcp HOST: connect: connection refused
   hint: is sshd running, and on this port

Run:   id (2.1s)
Logs:  sloth-runner runs logs id web-0501
`
	if diff := cmp.Diff(want, tail(t, run, nil)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAThousandReasonsAreBounded(t *testing.T) {
	hosts := numbered(1000)
	run := begin("id", []string{"deploy"}, hosts...)
	for i, host := range hosts[:600] {
		run.add(host.GetName(), "", &proto.Event{Kind: &proto.Event_Notice{Notice: &proto.Notice{
			Text: fmt.Sprint("remark ", i), Lasting: true}}})
		run.fails("deploy", 1, fmt.Sprintf("reason %d.", i), "", host)
	}
	for _, host := range hosts[600:] {
		run.hostFinished(host.GetName(), proto.HostFinished_LOST, &proto.Failure{Stage: proto.Failure_LOST, Reason: "no answer"})
	}
	run.end(1, false)
	brief := tail(t, run, nil)
	if n := strings.Count(brief, "\n"); n > 50 {
		t.Errorf("%d lines", n)
	}
	for _, want := range []string{"… and 581 more hosts with other reasons (-v shows all)\n", "web-[0601-1000] | 📡 Lost   | the link broke\n",
		"📡 web-[0601-1000]: no answer\n", "… and 597 more on web-[0004-0600] (-v shows them)\n"} {
		if !strings.Contains(brief, want) {
			t.Errorf("no %q in:\n%s", want, brief)
		}
	}
	whole := tail(t, run, func(c *Config) { c.Verbosity = 1 })
	for i := range 600 {
		if strings.Count(whole, fmt.Sprintf("reason %d.", i)) != 1 || strings.Count(whole, fmt.Sprintf("remark %d\n", i)) != 1 {
			t.Fatalf("-v: reason %d does not stand once, or the remark", i)
		}
	}
}

func TestSummaryOfEndings(t *testing.T) {
	hosts := numbered(5)
	begun := func() *script {
		return begin("id", []string{"one", "two"}, hosts...).connecting(hosts[:4]...).connected(hosts[:3]...).
			succeeds("two", hosts[0]).taskStarted("web-2", "one")
	}
	table := func(rows string) string {
		return "\n📊 Multi-Host Execution Results\n" + rows
	}
	for _, test := range []struct {
		name string
		run  *script
		want string
	}{
		{"interrupted", begun().
			hostFinished("web-2", proto.HostFinished_LOST, &proto.Failure{Stage: proto.Failure_LOST, Reason: "did not confirm", Hint: "look for its processes"}).
			hostFinished("web-3", proto.HostFinished_CANCELLED, nil).
			hostFinished("web-4", proto.HostFinished_CANCELLED, &proto.Failure{Reason: "interrupted while connecting"}).
			hostFinished("web-5", proto.HostFinished_SKIPPED, nil).end(130, true), table(`
Host  | Status       | Details
------|--------------|------------------------------------
web-1 | ✅ Success   | Completed successfully
web-2 | 📡 Lost      | outcome of task 'one' unknown
web-3 | 🛑 Cancelled | interrupted
web-4 | 🛑 Cancelled | interrupted while connecting
web-5 | ⏩ Skipped   | what it depends on did not succeed

┌─ 🛑 Execution Summary: interrupted ─┐
│ Task:      group (2 tasks)          │
│ Total:     5 hosts                  │
│ Success:   1                        │
│ Failed:    0                        │
│ Lost:      1                        │
│ Skipped:   1                        │
│ Cancelled: 2                        │
└─────────────────────────────────────┘

📡 web-2: did not confirm; outcome of task 'one' unknown
   hint: look for its processes

Run:   id (2.1s)
Logs:  sloth-runner runs logs id web-2
Again: sloth-runner run -f deploy.sloth --delegate-to web-2 --delegate-to web-3 --delegate-to web-4 --delegate-to web-5
`)},
		{"a record that was cut off", begun(), table(`
Host  | Status        | Details
------|---------------|-------------------------------
web-1 | ✅ Success    | Completed successfully
web-2 | 🔄 Running    | outcome of task 'one' unknown
web-3 | 🔄 Running    | not known how it ended
web-4 | 🔗 Connecting | not started
web-5 | ⏳ Pending    | not started

┌─ 🛑 Execution Summary: unfinished ─┐
│ Task:       group (2 tasks)        │
│ Total:      5 hosts                │
│ Success:    1                      │
│ Failed:     0                      │
│ Unfinished: 4                      │
└────────────────────────────────────┘

Run:   id
Logs:  sloth-runner runs logs id HOST
Again: sloth-runner run -f deploy.sloth --delegate-to web-2 --delegate-to web-3 --delegate-to web-4 --delegate-to web-5
`)},
		{"a host that refused the plan, and two failed tasks", begin("id", []string{"one", "two"}, hosts[:2]...).
			hostFinished("web-1", proto.HostFinished_FAILED, &proto.Failure{
				Stage: proto.Failure_LOAD, Reason: "the file makes other tasks here", Hint: "compare them with 'check'"}).
			taskFinished("web-2", "one", &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: "deploy.sloth:3: boom\nmore", Traceback: "stack"}).
			fails("two", 2, "", "", hosts[1]).end(1, false), table(`
Host  | Status    | Details
------|-----------|-------------------------------------
web-1 | ❌ Failed | failed to load the file
web-2 | ❌ Failed | task 'one' failed (and 1 more task)

┌─ ❌ Execution Summary ─────┐
│ Task:      group (2 tasks) │
│ Total:     2 hosts         │
│ Success:   0               │
│ Failed:    2               │
└────────────────────────────┘

❌ web-1: load: the file makes other tasks here
   hint: compare them with 'check'
❌ web-2: task 'one': deploy.sloth:3: boom
❌ web-2: task 'two': exit code 2

Run:   id (2.1s)
Logs:  sloth-runner runs logs id web-1
`)},
		{"a host that was lost after a failed task", begin("id", []string{"one", "two"}, hosts[:1]...).
			taskFinished("web-1", "one", &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: "exit status 3",
				ExitCode: new(int32(3)), StderrTail: []byte("why\n")}).
			taskStarted("web-1", "two").
			hostFinished("web-1", proto.HostFinished_LOST, &proto.Failure{Stage: proto.Failure_LOST, Reason: "no answer for 15s"}).
			end(4, false), table(`
Host  | Status  | Details
------|---------|-------------------------------
web-1 | 📡 Lost | outcome of task 'two' unknown

┌─ ❌ Execution Summary ─────┐
│ Task:      group (2 tasks) │
│ Total:     1 host          │
│ Success:   0               │
│ Failed:    0               │
│ Lost:      1               │
└────────────────────────────┘

❌ web-1: task 'one': exit status 3: why
   ! why
📡 web-1: no answer for 15s; outcome of task 'two' unknown

Run:   id (2.1s)
Logs:  sloth-runner runs logs id web-1
`)},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got strings.Builder
			if err := results.Write(&got, results.Options{Again: "sloth-runner run -f deploy.sloth"}, test.run.result()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, "\n"+got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
