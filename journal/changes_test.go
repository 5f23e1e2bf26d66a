package journal

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/proto"
)

// changed is a change of the task, with a diff of so many bytes.
func changed(n int, what string, diff int) *proto.Event {
	return at(n, "web", ofTask("deploy", "stop", &proto.Event{Kind: &proto.Event_Change{Change: &proto.Change{
		Function: "file.write", What: what, Before: "absent", After: "0644 root:root", Diff: strings.Repeat("+", diff),
	}}}))
}

func startedTask(n int) *proto.Event {
	return at(n, "web", ofTask("deploy", "stop", &proto.Event{Kind: &proto.Event_TaskStarted{TaskStarted: &proto.TaskStarted{}}}))
}

func finishedTask(n int, changed uint32) *proto.Event {
	return at(n, "web", ofTask("deploy", "stop", &proto.Event{Kind: &proto.Event_TaskFinished{TaskFinished: &proto.TaskFinished{
		Outcome: proto.TaskFinished_SUCCESS, Changed: changed,
	}}}))
}

// A change is a line of the log of its host, and counts in the list of runs; so does one that a dry run would make.
func TestChangesAreRecorded(t *testing.T) {
	for _, test := range []struct {
		dryRun bool
		word   string
	}{{false, "changed"}, {true, "would change"}} {
		dir := t.TempDir()
		begin := started(testID, "web")
		begin.GetRunStarted().DryRun = test.dryRun
		record(t, dir, testID, []*proto.Event{
			at(0, "", begin), startedTask(1), changed(2, "/etc/motd", 10), changed(3, "/etc/\nmotd", 10), finishedTask(4, 2), at(5, "", finished(0)),
		})
		run := open(t, dir, testID)
		want := "# 2026-11-23T15:11:22.501Z deploy.stop: started\n" +
			"# 2026-11-23T15:11:22.502Z deploy.stop: " + test.word + " /etc/motd: absent → 0644 root:root\n" +
			"# 2026-11-23T15:11:22.503Z deploy.stop: " + test.word + " /etc/\n#   motd: absent → 0644 root:root\n" +
			"# 2026-11-23T15:11:22.504Z deploy.stop: success\n"
		if diff := cmp.Diff(want, hostLogOf(t, run, "web")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		entry, err := run.Entry()
		if err != nil || entry.Changed != 2 || entry.DryRun != test.dryRun {
			t.Errorf("the list has %d changes, dry run: %t (%v)", entry.Changed, entry.DryRun, err)
		}
	}
}

// A host that changes without end fills no disk. What is left out is said, and counts all the same.
func TestLogLimitOfChanges(t *testing.T) {
	dir := t.TempDir()
	r, err := Create(dir, testID)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	r.LimitLogs(1<<20, func(e *proto.Event) { said = append(said, e.GetNotice().GetText()) })
	r.Event(at(0, "", started(testID, "web")))
	r.Event(startedTask(1))
	const changes = 2000
	for i := range changes {
		r.Event(changed(i, fmt.Sprint("/etc/", i), 10_000))
	}
	r.Event(finishedTask(changes, changes))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if len(said) != 1 || !strings.HasPrefix(said[0], "what it printed and changed takes 1 MiB in the record") {
		t.Errorf("said: %q", said)
	}
	run := open(t, dir, testID)
	events, err := collect(run)
	if err != nil {
		t.Fatal(err)
	}
	size, kept := 0, 0
	for _, e := range events {
		if e.GetChange() != nil {
			kept++
			size += len(e.GetChange().GetDiff())
		}
	}
	if size > 1<<20+2*tailBytes {
		t.Errorf("%d bytes of diffs are kept", size)
	}
	log := hostLogOf(t, run, "web")
	if want := fmt.Sprintf("notice: %d of its changes are left out here: see --log-limit\n", changes-kept); !strings.Contains(log, want) {
		t.Errorf("the log lacks %q", want)
	}
	if want := fmt.Sprintf("/etc/%d:", changes-1); !strings.Contains(log, want) {
		t.Errorf("the log lacks the last change, %q", want)
	}
	result, err := run.State()
	if err != nil {
		t.Fatal(err)
	}
	if n, hosts := result.Changed(); n != changes || hosts != 1 {
		t.Errorf("%d changes on %d hosts", n, hosts)
	}
}
