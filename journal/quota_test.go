package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/proto"
)

// TestLogLimit: of a host that floods, the beginning is kept and the end of its task, with what is missing between them; the
// others' output is whole.
func TestLogLimit(t *testing.T) {
	dir := t.TempDir()
	r, err := Create(dir, testID)
	if err != nil {
		t.Fatal(err)
	}
	const limit = 1 << 20
	var notices []string
	r.LimitLogs(limit, func(e *proto.Event) { notices = append(notices, e.GetHost()+": "+e.GetNotice().GetText()) })
	r.Event(at(0, "", started(testID, "flood", "quiet")))
	line := strings.Repeat("x", 1000)
	const lines = 20_000
	for i := range lines {
		r.Event(at(i, "flood", ofTask("deploy", "stop", output(fmt.Sprintf("%d %s\n", i, line)))))
		if i%1000 == 0 {
			r.Event(at(i, "quiet", ofTask("deploy", "stop", output(fmt.Sprintf("quiet %d\n", i)))))
		}
	}
	end := &proto.Event{Kind: &proto.Event_TaskFinished{TaskFinished: &proto.TaskFinished{Outcome: proto.TaskFinished_SUCCESS}}}
	r.Event(at(lines, "flood", ofTask("deploy", "stop", end)))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}

	if len(notices) != 1 || !strings.HasPrefix(notices[0], "flood: what it printed takes 1 MiB in the record") {
		t.Errorf("said: %q", notices)
	}
	var size int64
	err = filepath.Walk(filepath.Join(dir, testID), func(_ string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
		return err
	})
	if err != nil || size > limit+4*tailBytes {
		t.Errorf("the record has %d bytes (%v)", size, err)
	}
	run := open(t, dir, testID)
	log := hostLogOf(t, run, "flood")
	first, last := strings.Index(log, "\n0 x"), strings.Index(log, fmt.Sprintf("\n%d x", lines-1))
	mark, finish := strings.Index(log, "bytes that it printed are left out here: see --log-limit"), strings.Index(log, "deploy.stop: success")
	if !strings.HasPrefix(log, "0 x") && first < 0 || mark < 0 || last < mark || finish < last {
		t.Errorf("in the log: begins %q, mark at %d, last line at %d, end of the task at %d", log[:10], mark, last, finish)
	}
	if quiet := hostLogOf(t, run, "quiet"); strings.Count(quiet, "\n") != lines/1000 {
		t.Errorf("the log of the other host: %q", quiet)
	}
	events, err := collect(run)
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, e := range events {
		if e.GetHost() == "flood" {
			shown += printed(e)
		}
	}
	if shown < limit/4 || shown > limit {
		t.Errorf("the events have %d bytes of the output", shown)
	}
}
