package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/cli/command"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/internal/fault"
	"sloth-runner/journal"
	"sloth-runner/view"
)

func TestRunsList(t *testing.T) {
	out, errs, err := execute(t, recordRuns(t), "runs", "list")
	if err != nil || errs != "" {
		t.Fatalf("error %v, stderr %q", err, errs)
	}
	local := runTime.Local().Format(time.DateTime)
	var got [][]string
	for line := range strings.Lines(out) {
		got = append(got, strings.Fields(line))
	}
	want := [][]string{
		{"RUN", "STARTED", "TOOK", "STATUS", "EXIT", "HOSTS", "FILE"},
		{"---", "-------", "----", "------", "----", "-----", "----"},
		strings.Fields(newRun + " " + local + ` - cut-off - 2 pending, 1 running deploy.sloth`),
		strings.Fields(oldRun + " " + local + ` 1.5s finished 4 1 pending, 1 success, 1 unreachable deploy.sloth`),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestRunsListAsJSON(t *testing.T) {
	out, _, err := execute(t, recordRuns(t), "runs", "list", "-o", "json")
	if err != nil {
		t.Fatal(err)
	}
	var runs []journal.Entry
	if err := json.Unmarshal([]byte(out), &runs); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if len(runs) != 2 || runs[0].ID != newRun || runs[0].Status != journal.CutOff || runs[1].ExitStatus != 4 {
		t.Errorf("runs = %+v", runs)
	}
}

func TestRunsListOfNothing(t *testing.T) {
	state := t.TempDir()
	getenv := func(name string) string { return map[string]string{"XDG_STATE_HOME": state}[name] }
	out, errs, err := execute(t, getenv, "runs", "list")
	if want := "no runs in " + filepath.Join(state, "sloth-runner", "runs") + "\n"; out != "" || errs != want || err != nil {
		t.Errorf("stdout %q, stderr %q, error %v; want stderr %q", out, errs, err, want)
	}
	if out, _, err := execute(t, getenv, "runs", "list", "-o", "json"); out != "[]\n" || err != nil {
		t.Errorf("JSON %q, error %v", out, err)
	}
}

func TestRunsShow(t *testing.T) {
	out, _, err := execute(t, recordRuns(t), "runs", "show", "k3")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"web-1", "db", "connect: refused", oldRun} {
		if !strings.Contains(out, want) {
			t.Errorf("summary lacks %q:\n%s", want, out)
		}
	}
	checkHarmless(t, out)
}

// What is printed is the record, in the same bytes but for what a terminal would act on.
func TestRunsShowEvents(t *testing.T) {
	getenv := recordRuns(t)
	out, _, err := execute(t, getenv, "runs", "show", oldRun, "-o", "jsonl")
	if err != nil {
		t.Fatal(err)
	}
	checkHarmless(t, out)
	recorded, err := os.ReadFile(filepath.Join(getenv("XDG_STATE_HOME"), "sloth-runner", "runs", oldRun, "events.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.ReplaceAll(string(recorded), "\u009b", `\u009b`); out != want {
		t.Errorf("events:\n%s\nwant:\n%s", out, want)
	}
}

// A record with a broken line is shown as far as it can be read, and the exit status tells.
func TestRunsShowDamaged(t *testing.T) {
	getenv := recordRuns(t)
	path := filepath.Join(getenv("XDG_STATE_HOME"), "sloth-runner", "runs", oldRun, "events.jsonl")
	recorded, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(recorded, []byte("\n"))
	lines[2] = []byte("{\n")
	if err := os.WriteFile(path, bytes.Join(lines, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "jsonl"} {
		out, _, err := execute(t, getenv, "runs", "show", oldRun, "-o", format)
		want := "the record of run " + oldRun + " is damaged: line 3 of events.jsonl is not an event"
		if err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", format, err, want)
		}
		if !strings.Contains(out, "refused") {
			t.Errorf("%s: output %q", format, out)
		}
	}
}

func TestRunsLogs(t *testing.T) {
	getenv := recordRuns(t)
	stamp := "# 2026-11-23T15:11:22.000Z "
	out, _, err := execute(t, getenv, "runs", "logs", oldRun, "web-1", "--raw")
	if err != nil {
		t.Fatal(err)
	}
	want := stamp + "connected, persistent agent\n" + hostileOutput + stamp + "host success\n"
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("one host (-want +got):\n%s", diff)
	}

	out, _, err = execute(t, getenv, "runs", "logs", "last", "--raw")
	if err != nil {
		t.Fatal(err)
	}
	want = "web-1 | " + stamp + "connected, persistent agent\n" +
		"web-1 | \x1b[2Jred\x1b]0;title\a\r\n" +
		"web-1 | \u009b1mé\xff\n" +
		"db    | no newline\n"
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("all hosts (-want +got):\n%s", diff)
	}

	// Nothing is obeyed, also behind a pipe, unless that is asked for.
	for _, args := range [][]string{{"runs", "logs", "last"}, {"runs", "logs", oldRun, "web-1"}} {
		out, _, err = execute(t, getenv, args...)
		if err != nil {
			t.Fatal(err)
		}
		checkHarmless(t, out)
		if !strings.Contains(out, `title\x07`) && !strings.Contains(out, `\x1b]0;title\x07`) {
			t.Errorf("%v: output is missing: %q", args, out)
		}
	}
}

func TestRunsErrors(t *testing.T) {
	getenv := recordRuns(t)
	for _, test := range []struct {
		args      []string
		err, hint string
		is        error
	}{
		{args: []string{"show", "k3f9y"}, err: `no run "k3f9y"`, hint: "did you mean " + oldRun, is: fs.ErrNotExist},
		{args: []string{"logs", "2026"}, err: `2 runs begin with "2026"`, hint: "did you mean " + newRun},
		{args: []string{"logs", "last", "web-2"}, err: `has no host "web-2"`, hint: "did you mean web-1?", is: fs.ErrNotExist},
		{args: []string{"logs", "last", "database"}, err: `has no host "database"`, hint: "it has web-1", is: fs.ErrNotExist},
		{args: []string{"list", "-o", "yaml"}, err: `unknown output format "yaml"`, hint: "-o takes table or json"},
		{args: []string{"show", "last", "-o", "json"}, err: `unknown output format "json"`, hint: "-o takes " + strings.Join(view.Formats(), " or ")},
		{args: []string{"show"}, err: "sloth-runner runs show needs the ID of a run"},
		{args: []string{"logs"}, err: "sloth-runner runs logs needs the ID of a run", hint: "see `sloth-runner runs logs --help`"},
		{args: []string{"lits"}, err: `sloth-runner runs has no command "lits"`, hint: "did you mean `sloth-runner runs list`?"},
	} {
		out, _, err := execute(t, getenv, append([]string{"runs"}, test.args...)...)
		if err == nil || !strings.Contains(err.Error(), test.err) || !strings.Contains(fault.Hint(err), test.hint) {
			t.Errorf("%v: error %v, hint %q; want %s, hint %q", test.args, err, fault.Hint(err), test.err, test.hint)
		}
		if test.is != nil && !errors.Is(err, test.is) {
			t.Errorf("%v: error %v is not %v", test.args, err, test.is)
		}
		if out != "" {
			t.Errorf("%v: stdout %q", test.args, out)
		}
	}
}

func TestRunsCancelled(t *testing.T) {
	getenv := recordRuns(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{{"runs", "logs", "last"}, {"runs", "logs", "last", "db"}, {"runs", "show", "last", "-o", "jsonl"}} {
		s := &command.Streams{Out: new(bytes.Buffer), Err: new(bytes.Buffer), Getenv: getenv}
		if err := executeTo(ctx, s, args...); !errors.Is(err, context.Canceled) {
			t.Errorf("%v: error %v", args, err)
		}
	}
}

// Each help text ends with the exit codes.
func TestRunsHelp(t *testing.T) {
	for _, args := range [][]string{{}, {"list"}, {"show"}, {"logs"}} {
		out, _, err := execute(t, nil, append(append([]string{"runs"}, args...), "--help")...)
		if err != nil || !strings.HasSuffix(out, "\n"+exitstatus.Runs.String()+"\n") {
			t.Errorf("%v: error %v:\n%s", args, err, out)
		}
	}
}

func TestRunsCompletion(t *testing.T) {
	getenv := recordRuns(t)
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"show", ""}, newRun + "\tdeploy.sloth\n" + oldRun + "\tdeploy.sloth\n"},
		{[]string{"logs", "last", ""}, "web-1\ndb\nidle\n"},
		{[]string{"logs", "last", "db", ""}, ""},
		{[]string{"show", "last", ""}, ""},
	} {
		out, _, err := execute(t, getenv, append([]string{"__complete", "runs"}, test.args...)...)
		if got, _, _ := strings.Cut(out, ":"); err != nil || got != test.want {
			t.Errorf("%q: %q, error %v; want %q", test.args, out, err, test.want)
		}
	}
}
