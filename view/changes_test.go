package view

import (
	"strings"
	"testing"

	"sloth-runner/proto"
	"sloth-runner/view/changes"
)

// changes lets a task change something on hosts.
func (s *script) changes(task string, change *proto.Change, hosts ...*proto.RunHost) *script {
	for _, host := range hosts {
		s.add(host.GetName(), task, &proto.Event{Kind: &proto.Event_Change{Change: change}})
	}
	return s
}

// changedSo lets a task, and with it the host, succeed after so many changes.
func (s *script) changedSo(task string, n int, hosts ...*proto.RunHost) *script {
	for _, host := range hosts {
		s.taskFinished(host.GetName(), task, &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS, Changed: uint32(n)})
		s.hostFinished(host.GetName(), proto.HostFinished_SUCCESS, nil)
	}
	return s
}

// dry makes the run a dry one.
func (s *script) dry() *script {
	s.events[0].GetRunStarted().DryRun = true
	return s
}

var motd = &proto.Change{
	Function: "file.write", What: "/etc/motd", Before: "0644 root:root", After: "0644 root:root",
	Diff: "--- /etc/motd\n+++ /etc/motd\n@@ -1,2 +1,2 @@\n one\n-two\n+-- three\n",
}

// configures is a run in which two of three hosts change, both the same.
func configures() *script {
	hosts := webHosts(3)
	run := begin("id", []string{"configure", "restart"}, hosts...).connecting(hosts...).connected(hosts...)
	for _, host := range hosts {
		run.taskStarted(host.GetName(), "configure")
	}
	run.changes("configure", motd, hosts[0], hosts[2])
	run.changes("configure", &proto.Change{What: "/etc/app", Before: "absent", After: "directory 0755"}, hosts[2])
	for i, n := range []uint32{1, 0, 2} {
		run.taskFinished(hosts[i].GetName(), "configure", &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS, Changed: n})
	}
	return run.succeeds("restart", hosts...).end(0, false)
}

func TestChangesAreCounted(t *testing.T) {
	shown := configures().text(nil)
	check(t, "stdout", shown.out.String(), `📊 Multi-Host Execution Results

Host  | Status     | Details
------|------------|-----------------------------------
web-1 | ✅ Success | Completed successfully; 1 changed
web-2 | ✅ Success | Completed successfully
web-3 | ✅ Success | Completed successfully; 2 changed

┌─ ✅ Execution Summary ─────┐
│ Task:      group (2 tasks) │
│ Total:     3 hosts         │
│ Success:   3               │
│ Failed:    0               │
│ Changed:   3 on 2 hosts    │
└────────────────────────────┘

Run:   id (2.1s)
Logs:  sloth-runner runs logs id HOST
`)
	if want := "✅ Task 'configure': success on 3 hosts, changed on 2\n"; !strings.Contains(shown.err.String(), want) {
		t.Errorf("no %q in:\n%s", want, shown.err.String())
	}
}

func TestDryRunWouldChange(t *testing.T) {
	shown := configures().dry().text(func(c *Config) { c.Verbosity = 1 })
	check(t, "stdout", shown.out.String(), `📊 Multi-Host Execution Results

Host  | Status     | Details
------|------------|----------------------------------------
web-1 | ✅ Success | Completed successfully; 1 would change
web-2 | ✅ Success | Completed successfully; 0 would change
web-3 | ✅ Success | Completed successfully; 2 would change

┌─ ✅ Execution Summary: dry run ─┐
│ Task:         group (2 tasks)   │
│ Total:        3 hosts           │
│ Success:      3                 │
│ Failed:       0                 │
│ Would change: 3 on 2 hosts      │
└─────────────────────────────────┘

Run:   id (2.1s)
Logs:  sloth-runner runs logs id HOST
`)
	for _, want := range []string{
		"🚀 Executing 2 tasks of 'group' on 3 hosts (dry run)\n", "✅ Task 'configure': success on 3 hosts, would change on 2\n",
		"web-3 * task 'configure' would change /etc/app: absent → directory 0755\n", "web-1 * task 'configure' would change /etc/motd\n",
	} {
		if !strings.Contains(shown.err.String(), want) {
			t.Errorf("no %q in:\n%s", want, shown.err.String())
		}
	}
}

// Each change stands once, behind the task, with all hosts that made it; the record shows the same.
func TestDiffIsFolded(t *testing.T) {
	const want = `2 hosts ~ web-[1,3]: task 'configure' changed /etc/motd
2 hosts ~ --- /etc/motd
2 hosts ~ +++ /etc/motd
2 hosts ~ @@ -1,2 +1,2 @@
2 hosts ~  one
2 hosts ~ -two
2 hosts ~ +-- three
web-3 ~ task 'configure' changed /etc/app: absent → directory 0755
`
	shown := configures().text(func(c *Config) { c.Diff, c.Verbosity = true, 1 })
	before, _, _ := strings.Cut(shown.out.String(), "\n📊")
	check(t, "stdout", before, want)
	if !strings.Contains(shown.both.String(), want+"✅ Task 'configure'") || strings.Contains(shown.err.String(), "/etc/") {
		t.Errorf("the changes stand elsewhere, or twice:\n%s", shown.both.String())
	}
	var recorded streams
	err := Diffs(recorded.config(), func(show func(*proto.Event) error) error {
		for _, e := range configures().events {
			if err := show(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	check(t, "the record", recorded.out.String(), want)
}

// Of one command the changes stand behind what it printed, also of one that fails.
func TestDiffOfACommand(t *testing.T) {
	hosts := webHosts(2)
	for _, gathered := range []bool{false, true} {
		run := begin("id", []string{"task"}, hosts...).connecting(hosts...).connected(hosts...)
		for _, host := range hosts {
			run.taskStarted(host.GetName(), "task")
		}
		run.output("web-1", proto.Output_STDOUT, "hello\n").changes("task", motd, hosts...)
		run.changedSo("task", 1, hosts[0]).taskFinished("web-2", "task", &proto.TaskFinished{Outcome: proto.TaskFinished_FAILED, Message: "no", Changed: 1})
		run.hostFinished("web-2", proto.HostFinished_FAILED, nil)
		shown := run.end(1, false).exec(gathered, func(c *Config) { c.Diff = true })
		_, changes, _ := strings.Cut(shown.out.String(), "hello\n")
		check(t, "stdout", changes, strings.ReplaceAll("N ~ web-[1-2]: changed /etc/motd\nN ~ --- /etc/motd\nN ~ +++ /etc/motd\n"+
			"N ~ @@ -1,2 +1,2 @@\nN ~  one\nN ~ -two\nN ~ +-- three\n", "N", "2 hosts"))
		check(t, "stderr", shown.err.String(), "\n❌ web-2: no\n\nRun:   id (2.1s): 1 of 2 hosts succeeded; 2 changed\n")
	}
}

// Colours are for terminals: what was added is green, what was removed red, whatever the lines look like.
func TestDiffHasColours(t *testing.T) {
	hosts := webHosts(1)
	run := begin("id", []string{"task"}, hosts...).connected(hosts...).taskStarted("web-1", "task").changes("task", motd, hosts...)
	out := run.changedSo("task", 1, hosts...).end(0, false).text(func(c *Config) { c.Diff, c.Color = true, true }).out.String()
	front := "\x1b[33mweb-1 ~\x1b[0m "
	for _, want := range []string{
		front + "changed /etc/motd\n", front + "\x1b[1m--- /etc/motd\x1b[0m\n", front + "\x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n", front + " one\n",
		front + "\x1b[31m-two\x1b[0m\n", front + "\x1b[32m+-- three\x1b[0m\n",
		"| Completed successfully; \x1b[33m1 changed\x1b[0m\n", "│ Changed:   \x1b[33m1\x1b[0m           │\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %q", want, out)
		}
	}
}

// What a host says of a change stands in its own lines, and is shown as it is.
func TestHostileDiff(t *testing.T) {
	hosts := webHosts(1)
	change := &proto.Change{
		What: "/etc/\x1b[2Jmotd\nweb-9 | hello", Before: "\r\u202e", After: "x", DiffCut: true,
		Diff: "@@ -1 +1 @@\n-a\r\n+\x1b[31mred\x1b[0m \x9b \xff\u202e\a\n+📊 Multi-Host Execution Results",
	}
	run := begin("id", []string{"task"}, hosts...).connected(hosts...).taskStarted("web-1", "task").changes("task", change, hosts...)
	run.changes("task", change, &proto.RunHost{Name: "elsewhere"}).changes("invented", change, hosts...)
	out := run.changedSo("task", 1, hosts...).end(0, false).text(func(c *Config) { c.Diff = true }).out.String()
	before, _, _ := strings.Cut(out, "\n📊")
	check(t, "stdout", before, `web-1 ~ changed /etc/motd\nweb-9 | hello: \r\u202e → x
web-1 ~ @@ -1 +1 @@
web-1 ~ -a\r
web-1 ~ +\x1b[31mred\x1b[0m \x9b \xff\u202e\x07
web-1 ~ +📊 Multi-Host Execution Results
web-1 ~ … the rest of the diff is left out, as it is longer than 64 KiB
`)
}

// Many hosts of one kind are one row, whatever the number of changes; those without any are another.
func TestRowsOfManyChangedHosts(t *testing.T) {
	hosts := numbered(100)
	run := begin("id", []string{"task"}, hosts...).connected(hosts...)
	for i, host := range hosts {
		run.taskStarted(host.GetName(), "task").changedSo("task", max(0, i-49), host)
	}
	out := run.end(0, false).text(nil).out.String()
	for _, want := range []string{
		"\nweb-[001-050] | ✅ Success | Completed successfully\n", "\nweb-[051-100] | ✅ Success | Completed successfully; 1 to 50 changed\n",
		"│ Changed:   1275 on 50 hosts │\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}

// What there is no room for is counted, and it is said where it is.
func TestChangesWithoutRoom(t *testing.T) {
	hosts := webHosts(2)
	run := begin("id", []string{"task"}, hosts...).connected(hosts...).taskStarted("web-1", "task").taskStarted("web-2", "task")
	huge := strings.Repeat("+", changes.MostInAll)
	run.changes("task", motd, hosts[0]).changes("task", &proto.Change{What: "/etc/a", Diff: huge}, hosts[0])
	for _, test := range []struct{ label, number string }{{"web-1", "1 more change"}, {"others", "2 more changes"}} {
		shown := run.changedSo("task", 1, hosts...).end(0, false).text(func(c *Config) { c.Diff = true }).out.String()
		want := "+-- three\n" + test.label + " ~ … there is no room for " + test.number + " here: `sloth-runner runs show id -o jsonl` has all\n"
		if !strings.Contains(shown, want) {
			t.Errorf("no %q in:\n%.2000s", want, shown)
		}
		run.events = run.events[:len(run.events)-5]
		run.changes("task", &proto.Change{What: "/etc/b", Diff: huge}, hosts[1])
	}
}
