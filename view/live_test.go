package view

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/durationpb"

	"sloth-runner/proto"
	"sloth-runner/view/layout"
	"sloth-runner/view/results"
)

// until is what a run shows before its results, on both streams.
func until(t *testing.T, s *script, change func(*Config)) string {
	t.Helper()
	live, _, found := strings.Cut(s.text(change).both.String(), "\n📊")
	if !found {
		t.Fatal("no results")
	}
	return live
}

func talkativeRun() *script {
	hosts := []*proto.RunHost{{Name: "web-1", Address: "10.0.0.1:22"}, {Name: "web-10", Address: "10.0.0.10:22"}}
	run := begin("id", []string{"prepare", "deploy"}, hosts...).connecting(hosts...)
	run.notice("web-10", "sftp is missing: copying with cat").notice("", "two hosts are one machine").connected(hosts...)
	run.add("web-1", "", &proto.Event{Kind: &proto.Event_Hello{Hello: &proto.Hello{
		Version: "1.0", Hostname: "one", Os: "linux", Arch: "arm64", Pid: 7}}})
	run.taskStarted("web-1", "prepare").taskStarted("web-10", "prepare")
	run.output("web-1", proto.Output_STDOUT, "first\r\nsecond\n").output("web-10", proto.Output_STDERR, "what\tis this")
	run.log("web-1", proto.Log_INFO, "all well").log("web-10", proto.Log_WARN, "mind\nthe gap\n")
	run.log("web-1", proto.Log_ERROR, "not so well").log("web-1", proto.Log_DEBUG, "x = 1")
	for _, host := range hosts {
		run.taskFinished(host.GetName(), "prepare", &proto.TaskFinished{
			Outcome: proto.TaskFinished_SUCCESS, Message: "prepared", Duration: durationpb.New(1230 * time.Millisecond)})
	}
	run.taskStarted("web-1", "deploy").taskStarted("web-10", "deploy")
	run.fails("deploy", 2, "no way", "", hosts[1])
	return run.succeeds("deploy", hosts[0]).end(1, false)
}

func TestLiveWithSeveralTasks(t *testing.T) {
	want := `🚀 Executing 2 tasks of 'group' on 2 hosts

Host   | Status
-------|------------
web-1  | ⏳ Pending
web-10 | ⏳ Pending

🔗 Connecting to 10.0.0.1:22...
🔗 Connecting to 10.0.0.10:22...

web-10 * notice: sftp is missing: copying with cat
notice: two hosts are one machine
web-1  | first
web-1  | second
web-10 ! what	is this
web-1  | all well
web-10 | warn: mind
web-10 | warn: the gap
web-1  | error: not so well
web-1  > prepare: prepared
web-10 > prepare: prepared
✅ Task 'prepare': success on 2 hosts
❌ Failed on 10.0.0.10:22: task 'deploy'
❌ Task 'deploy': success on 1 of 2 hosts, failed on 1
✅ Success on 10.0.0.1:22
`
	if diff := cmp.Diff(want, until(t, talkativeRun(), nil)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLiveVerbose(t *testing.T) {
	want := `
web-10 * notice: sftp is missing: copying with cat
notice: two hosts are one machine
web-1  * connected over SSH, the agent was there
web-10 * connected over SSH, the agent was there
web-1  * agent 1.0 on one (linux/arm64), pid 7
web-1  * task 'prepare' started
web-10 * task 'prepare' started
web-1  | first
web-1  | second
web-10 ! what	is this
web-1  | all well
web-10 | warn: mind
web-10 | warn: the gap
web-1  | error: not so well
web-1  | debug: x = 1
web-1  > prepare: prepared
web-1  * task 'prepare' succeeded in 1.2s
web-10 > prepare: prepared
web-10 * task 'prepare' succeeded in 1.2s
✅ Task 'prepare': success on 2 hosts
web-1  * task 'deploy' started
web-10 * task 'deploy' started
web-10 * task 'deploy' failed in 0s: no way
❌ Failed on 10.0.0.10:22: task 'deploy'
web-1  * task 'deploy' succeeded in 0s
❌ Task 'deploy': success on 1 of 2 hosts, failed on 1
✅ Success on 10.0.0.1:22
`
	_, got, _ := strings.Cut(until(t, talkativeRun(), func(c *Config) { c.Verbosity = 1 }), "10.0.0.10:22...\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestColourIsForPrefixesAndLevels(t *testing.T) {
	shown := talkativeRun().text(func(c *Config) { c.Color, c.Verbosity = true, 1 })
	want := "\x1b[36mweb-1  |\x1b[0m first\n" +
		"\x1b[36mweb-1  |\x1b[0m second\n" +
		"\x1b[33mweb-10 !\x1b[0m what\tis this\n" +
		"\x1b[36mweb-1  |\x1b[0m all well\n" +
		"\x1b[36mweb-10 |\x1b[0m \x1b[33mwarn: \x1b[0mmind\n" +
		"\x1b[36mweb-10 |\x1b[0m \x1b[33mwarn: \x1b[0mthe gap\n" +
		"\x1b[36mweb-1  |\x1b[0m \x1b[31merror: \x1b[0mnot so well\n" +
		"\x1b[36mweb-1  |\x1b[0m \x1b[2mdebug: x = 1\x1b[0m\n" +
		"\x1b[36mweb-1  >\x1b[0m prepare: prepared\n" +
		"\x1b[36mweb-10 >\x1b[0m prepare: prepared\n"
	got, _, _ := strings.Cut(shown.out.String(), "\n📊")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stdout (-want +got):\n%s", diff)
	}
	if strings.Contains(shown.err.String(), "\x1b") {
		t.Errorf("stderr has escape codes: %q", shown.err.String())
	}
}

func TestLiveOfManyHostsIsFewLines(t *testing.T) {
	hosts := numbered(1000)
	run := begin("id", []string{"deploy"}, hosts...).connecting(hosts...).connected(hosts...)
	run.succeeds("deploy", hosts[:900]...).fails("deploy", 1, "no", "", hosts[900:]...).end(1, false)
	var troubled strings.Builder
	for i := range results.Apart {
		fmt.Fprintf(&troubled, "❌ Failed on 10.0.3.%d:22\n", 901+i-3*256)
	}
	want := `🚀 Executing task 'deploy' on 1000 hosts

Host            | Status
----------------|------------
web-[0001-1000] | ⏳ Pending

🔗 Connecting to 1000 hosts...

🔄 250 of 1000 hosts done
🔄 500 of 1000 hosts done
🔄 750 of 1000 hosts done
` + troubled.String() + `❌ More hosts are in trouble: see the summary
🔄 1000 of 1000 hosts done
`
	if diff := cmp.Diff(want, until(t, run, nil)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLiveVerdicts(t *testing.T) {
	hosts := numbered(4)
	run := begin("id", []string{"t"}, hosts...).connecting(hosts[:1]...)
	run.hostFinished("web-1", proto.HostFinished_UNREACHABLE, &proto.Failure{Stage: proto.Failure_AUTHENTICATE, Reason: "no key was accepted"})
	run.taskStarted("web-2", "t").hostFinished("web-2", proto.HostFinished_LOST, nil)
	run.hostFinished("web-3", proto.HostFinished_SKIPPED, nil).hostFinished("web-4", proto.HostFinished_CANCELLED, nil).end(4, false)
	want := `
🔌 Failed to connect to 10.0.0.1:22
📡 Lost 10.0.0.2:22
⏩ Skipped on 10.0.0.3:22: what it depends on did not succeed
🛑 Cancelled on 10.0.0.4:22: interrupted
`
	_, got, _ := strings.Cut(until(t, run, nil), "10.0.0.1:22...\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A run with other output than results on stdout must be usable in a pipe: no blank line first, no progress.
func TestStdoutAlone(t *testing.T) {
	hosts := numbered(1)
	shown := begin("", []string{"t"}, hosts...).connecting(hosts...).output("web-1", proto.Output_STDOUT, "hello\n").
		succeeds("t", hosts...).end(0, false).text(nil)
	if want := "web-1 | hello\n\n📊 "; !strings.HasPrefix(shown.out.String(), want) {
		t.Errorf("stdout: %q", shown.out.String())
	}
	if want := "✅ Success on 10.0.0.1:22\n"; !strings.HasSuffix(shown.err.String(), want) {
		t.Errorf("stderr: %q", shown.err.String())
	}
}

// A hundred hosts speak at the same time while the bar is drawn: no line is lost, torn or mixed with another.
func TestAHundredWriters(t *testing.T) {
	const writers, lines = 100, 50
	shown := new(streams)
	c := shown.config()
	c.Terminal = true
	text := NewText(c)
	hosts := numbered(writers)
	begin("id", []string{"t"}, hosts...).connecting(hosts...).into(text)
	var wait sync.WaitGroup
	for _, host := range hosts {
		wait.Go(func() {
			for i := range lines {
				new(script).output(host.GetName(), proto.Output_STDOUT, fmt.Sprintf("line %d of %s\n", i, host.GetName())).into(text)
				text.refresh()
			}
		})
	}
	wait.Wait()
	if err := text.Close(); err != nil {
		t.Fatal(err)
	}
	next := make(map[string]int)
	for line := range strings.Lines(shown.out.String()) {
		host, said, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " | ")
		if want := fmt.Sprintf("line %d of %s", next[host], host); said != want {
			t.Fatalf("%q, want %q", line, want)
		}
		next[host]++
	}
	for _, host := range hosts {
		if n := next[host.GetName()]; n != lines {
			t.Errorf("%s: %d lines", host.GetName(), n)
		}
	}
}

// Whatever hosts call themselves and say, only harmless characters and ends of lines come out.
func FuzzTextIsHarmless(f *testing.F) {
	f.Add("web\x1b[2J", "10.0.0.1\r", "task\u202e", "boom\x9b", []byte("out\x00\xff\x1b]0;x\a\n"))
	f.Add("", "", "", "", []byte("\n\n"))
	f.Add("a\nb", "\u2028", "\x7f", "\ufeff", []byte(strings.Repeat("\x1b", 400)))
	f.Fuzz(func(t *testing.T, host, address, task, reason string, output []byte) {
		hosts := []*proto.RunHost{{Name: host, Address: address}, {Name: host + "2", Address: address}}
		run := begin(task, []string{task, reason}, hosts...).connecting(hosts...).notice(host, reason).log(host, proto.Log_WARN, reason)
		run.output(host, proto.Output_STDOUT, string(output)).output(host, proto.Output_Stream(len(output)), string(output))
		run.fails(task, 1, reason, string(output), hosts[0])
		run.hostFinished(host+"2", proto.HostFinished_UNREACHABLE, &proto.Failure{Reason: reason, Hint: address}).end(1, false)
		for _, width := range []int{0, 1, 30} {
			shown := run.text(func(c *Config) {
				c.Verbosity = len(output) % 2
				c.Width = func() int { return width }
				c.ErrWidth = c.Width
			})
			if at := strings.IndexFunc(shown.both.String(), func(r rune) bool { return r != '\n' && !layout.Harmless(r) }); at >= 0 {
				t.Fatalf("let through %.20q", shown.both.String()[at:])
			}
		}
	})
}

func BenchmarkTextFirehose(b *testing.B) {
	text := newText(Config{Out: io.Discard, Err: io.Discard})
	hosts := numbered(10)
	begin("id", []string{"t"}, hosts...).into(text)
	event := new(script).output("web-01", proto.Output_STDOUT, strings.Repeat("a line of output as commands print it\n", 800))
	b.SetBytes(38 * 800)
	b.ReportAllocs()
	for b.Loop() {
		event.into(text)
	}
}
