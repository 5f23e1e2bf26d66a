package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

func TestRecordIsReadBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state", "runs")
	want := smallRun(testID)
	record(t, dir, testID, want)

	run := open(t, dir, testID)
	got, err := collect(run)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}

	hosts, err := run.Hosts()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"web-1", "web-2"}, hosts); diff != "" {
		t.Errorf("hosts (-want +got):\n%s", diff)
	}

	result, err := run.State()
	if err != nil {
		t.Fatal(err)
	}
	if !result.Finished || result.ExitStatus != 1 || result.ID != testID {
		t.Errorf("result = %+v", result)
	}
	if host := result.Host("web-1"); host.State != state.Failed || host.Tasks[0].Finished.GetMessage() != "no such unit" {
		t.Errorf("web-1 = %+v", host)
	}
	if host := result.Host("web-2"); host.State != state.Unreachable || host.Failure.GetReason() != "connection refused" {
		t.Errorf("web-2 = %+v", host)
	}
}

// A log holds the output byte for byte, and the run's own lines start at the beginning of a line.
func TestHostLog(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, testID, smallRun(testID))
	run := open(t, dir, testID)

	want := strings.Join([]string{
		"# 2026-11-23T15:11:22.501Z connecting to 10.0.0.1:22\n",
		"# 2026-11-23T15:11:22.503Z connected, SSH, agent was copied\n",
		"# 2026-11-23T15:11:22.504Z agent 1.0, linux/arm64, host name w1\n",
		"# 2026-11-23T15:11:22.505Z deploy.stop: started\n",
		"# 2026-11-23T15:11:22.506Z deploy.stop: info: Stopping\n#   service\n",
		"half a line\n",
		"# 2026-11-23T15:11:22.508Z deploy.stop: warn: slow\n",
		" and more\n\xff\x1b[31mred\r\n",
		"# 2026-11-23T15:11:22.510Z deploy.stop: failed after 1.5s: no such unit\n",
		"#   stack traceback:\n#   \tdeploy.sloth:7\n",
		"# 2026-11-23T15:11:22.512Z host failed after 2s\n",
	}, "")
	if diff := cmp.Diff(want, hostLogOf(t, run, "web-1")); diff != "" {
		t.Errorf("web-1 (-want +got):\n%s", diff)
	}
	want = "# 2026-11-23T15:11:22.502Z connecting to 10.0.0.2:22\n" +
		"# 2026-11-23T15:11:22.511Z host unreachable after 20ms: connect: connection refused\n#   hint: is sshd running?\n"
	if diff := cmp.Diff(want, hostLogOf(t, run, "web-2")); diff != "" {
		t.Errorf("web-2 (-want +got):\n%s", diff)
	}
}

func TestHostLogOfOthers(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, testID, []*proto.Event{at(0, "", started(testID, "web-1", "web-2"))})
	run := open(t, dir, testID)

	if log := hostLogOf(t, run, "web-2"); log != "" {
		t.Errorf("log of a host on which nothing happened = %q", log)
	}
	for _, host := range []string{"web-3", "", "../events", "../../" + testID + "/events.jsonl"} {
		if _, err := run.Log(host); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("log of %q: error = %v", host, err)
		}
	}
}

func TestRecordIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sloth-runner", "runs")
	record(t, dir, testID, smallRun(testID))
	err := filepath.WalkDir(filepath.Dir(dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = fs.ModeDir | 0o700
		}
		if info.Mode() != want {
			t.Errorf("%s has mode %v, want %v", path, info.Mode(), want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCreateRefuses(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, testID, nil)
	if _, err := Create(dir, testID); !errors.Is(err, fs.ErrExist) {
		t.Errorf("second record of an ID: error = %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, testID, eventsFile)); err != nil {
		t.Errorf("the first record suffered: %v", err)
	}
	for _, id := range []string{"", ".", "..", "../" + testID, "last", testID + "/x", testID + "\n", strings.ToUpper(testID)} {
		if _, err := Create(dir, id); err == nil {
			t.Errorf("Create(%q) made a record", id)
		}
	}
}

func TestRecordAfterClose(t *testing.T) {
	dir := t.TempDir()
	r, err := Create(dir, testID)
	if err != nil {
		t.Fatal(err)
	}
	r.Event(at(0, "", started(testID, "web-1")))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r.Event(at(1, "web-1", output("late\n")))
	if err := r.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if events, err := collect(open(t, dir, testID)); err != nil || len(events) != 1 {
		t.Errorf("%d events, error %v; want the one before Close", len(events), err)
	}
}

// Many more hosts than open files, each of which prints again and again.
func TestManyHosts(t *testing.T) {
	const hosts, rounds = 3 * maxOpenLogs, 4
	dir := t.TempDir()
	r, err := Create(dir, testID)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range hosts {
		names = append(names, fmt.Sprintf("host-%d", i))
	}
	r.Event(at(0, "", started(testID, names...)))
	for round := range rounds {
		for _, name := range names {
			r.Event(at(round, name, output(fmt.Sprintf("%s round %d\n", name, round))))
			if len(r.logs.open) > maxOpenLogs {
				t.Fatalf("%d logs are open", len(r.logs.open))
			}
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	run := open(t, dir, testID)
	for _, name := range names {
		var want strings.Builder
		for round := range rounds {
			fmt.Fprintf(&want, "%s round %d\n", name, round)
		}
		if got := hostLogOf(t, run, name); got != want.String() {
			t.Fatalf("log of %s = %q", name, got)
		}
	}
}

// Names of hosts are no paths, whatever they are.
func TestHostileHostNames(t *testing.T) {
	names := []string{"..", ".", "/etc/passwd", "../../x", "a/b", "A", "a", "\x00", "", "\u00e9", "e\u0301", strings.Repeat("x", 5000),
		strings.Repeat("x", 5000) + "y", "con", "a.log", "\x1b[2J", "new\nline", "%2e%2e"}
	parent := t.TempDir()
	dir := filepath.Join(parent, "runs")
	events := []*proto.Event{at(0, "", started(testID, names...))}
	for i, name := range names {
		events = append(events, at(i, name, output(fmt.Sprintf("%d\n", i))))
	}
	record(t, dir, testID, events)

	run := open(t, dir, testID)
	for i, name := range names {
		want := fmt.Sprintf("%d\n", i)
		if name == "" { // the run as a whole: it has no log
			want = ""
		}
		if got := hostLogOf(t, run, name); got != want {
			t.Errorf("log of %q = %q, want %q", name, got, want)
		}
	}
	files, err := os.ReadDir(filepath.Join(dir, testID, hostsDir))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(names)-1 {
		t.Errorf("%d files for %d hosts", len(files), len(names)-1)
	}
	if beside, err := os.ReadDir(parent); err != nil || len(beside) != 1 {
		t.Errorf("beside the runs: %v, error %v", beside, err)
	}
}

func TestEventTooLong(t *testing.T) {
	dir := t.TempDir()
	r, err := Create(dir, testID)
	if err != nil {
		t.Fatal(err)
	}
	r.Event(at(0, "", started(testID, "web-1")))
	r.Event(at(1, "web-1", output(strings.Repeat("x", maxLine))))
	r.Event(at(2, "", finished(0)))
	if err := r.Close(); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("Close = %v", err)
	}
	events, err := collect(open(t, dir, testID))
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != 3 || events[1].GetNotice().GetText() != "the record lacks events here that could not be written: 1" {
		t.Errorf("events = %v", events)
	}
}
