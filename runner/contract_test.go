package runner_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/internal/exitstatus"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// TestContract holds every way to reach an agent to the same behaviour.
func TestContract(t *testing.T) {
	cases := []struct {
		name string
		test func(*testing.T, *site)
	}{
		{"tasks run in order and tell their outcome", testOrder},
		{"a failed task of a group that keeps going stops what depends on it, and nothing else", testFailure},
		{"a failed task ends its host, but for what runs always", testFailureEnds},
		{"a failure that is ignored stops nothing", testIgnoredFailure},
		{"the standard input arrives as it is", testStdin},
		{"a command that reads no input is not held up by it, nor is its end", testStdinUnread},
		{"an input that breaks off is never taken for the whole", testStdinBroken},
		{"words run without a shell", testArgv},
		{"output streams while the command runs", testStreaming},
		{"bytes that are not text arrive as they are", testBytes},
		{"a task's time limit kills its processes", testTaskTimeout},
		{"the limit for all work cancels the rest", testHostTimeout},
		{"an interrupt kills and is confirmed", testInterrupt},
		{"what is left in the background dies with the run", testBackground},
		{"a broken link kills everything", testBrokenLink},
		{"a file that makes other tasks on the host is refused", testOtherTasks},
		{"Lua in an endless loop can be stopped", testEndlessLua},
		{"much output arrives whole", testMuchOutput},
		{"files go to the host and come from there", testFiles},
		{"a run without files says so", testNoFiles},
	}
	for _, way := range ways() {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			open := way.prepare(t)
			for _, c := range cases {
				t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
			}
		})
	}
}

func testOrder(t *testing.T, s *site) {
	result, events := s.run(t, `TaskDefinitions = { g = { tasks = {
		{ name = "last", depends_on = {"first", "second"}, command = "echo three" },
		{ name = "first", command = function() log.warn("one"); return true, "well" end },
		{ name = "second", command = "echo two >&2" },
	} } }`)
	want := []string{
		"started first", "log WARN one", "finished first SUCCESS well",
		"started second", "STDERR two", "finished second SUCCESS ",
		"started last", "STDOUT three", "finished last SUCCESS ",
	}
	if got := story(events); !equal(got, want) {
		t.Errorf("events:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if ended := result.Hosts[0].State; ended != state.Success || result.ExitStatus != 0 {
		t.Errorf("host is %s, exit status %d", ended, result.ExitStatus)
	}
}

func testFailure(t *testing.T, s *site) {
	result, events := s.run(t, `TaskDefinitions = {
		a = { keep_going = true, tasks = {
			{ name = "broken", command = "echo why >&2; exit 7" },
			{ name = "after", depends_on = "broken", command = "echo never" },
			{ name = "after_that", depends_on = "after", command = "echo never" },
			{ name = "apart", command = "true" },
			{ name = "killed", command = "kill -9 $$" },
			{ name = "raised", command = function() error("no way") end },
			{ name = "said", command = function() exec.run("echo deep >&2; exit 3"); return false, "not today" end },
		} },
		b = { tasks = { { name = "other_group", command = "true" } } },
	}`)
	outcomes := map[string]*proto.TaskFinished{}
	for _, e := range events {
		if f := e.GetTaskFinished(); f != nil {
			outcomes[e.GetTask()] = f
		}
	}
	for task, want := range map[string]string{
		"broken":      "FAILED|exit status 7|7||why",
		"after":       "SKIPPED|broken failed|0||",
		"after_that":  "SKIPPED|after was skipped|0||",
		"apart":       "SUCCESS||0||",
		"killed":      "FAILED|killed by SIGKILL|137|SIGKILL|",
		"said":        "FAILED|not today|3||deep",
		"other_group": "SUCCESS||0||",
	} {
		f := outcomes[task]
		if got := fmt.Sprintf("%s|%s|%d|%s|%s", f.GetOutcome(), f.GetMessage(), f.GetExitCode(), f.GetSignal(), f.GetStderrTail()); got != want {
			t.Errorf("%s: %s, want %s", task, got, want)
		}
	}
	raised := outcomes["raised"]
	if !strings.Contains(raised.GetMessage(), "test.sloth:8: no way") || !strings.Contains(raised.GetTraceback(), "test.sloth:8") {
		t.Errorf("a Lua error: %q, traceback %q", raised.GetMessage(), raised.GetTraceback())
	}
	if result.ExitStatus != exitstatus.Failed {
		t.Errorf("exit status %d", result.ExitStatus)
	}
}

func testFailureEnds(t *testing.T, s *site) {
	result, events := s.run(t, `TaskDefinitions = {
		a = { tasks = {
			{ name = "backup", command = "exit 7" },
			{ name = "wipe", command = "echo never" },
			{ name = "unlock", command = "echo unlocked", always = true, depends_on = "wipe" },
		} },
		b = { tasks = { { name = "restart", command = "echo never" } } },
	}`)
	want := []string{
		"started backup", "finished backup FAILED exit status 7",
		"finished wipe SKIPPED backup failed earlier on this host", "finished restart SKIPPED a/backup failed earlier on this host",
		"started unlock", "STDOUT unlocked", "finished unlock SUCCESS ",
	}
	if got := story(events); !equal(got, want) {
		t.Errorf("events:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if ended := result.Hosts[0].State; ended != state.Failed || result.ExitStatus != exitstatus.Failed {
		t.Errorf("host is %s, exit status %d", ended, result.ExitStatus)
	}
}

func testIgnoredFailure(t *testing.T, s *site) {
	result, events := s.run(t, `TaskDefinitions = { g = { tasks = {
		{ name = "probe", command = function() return false, "no" end, ignore_errors = true },
		{ name = "after", command = "true", depends_on = "probe" },
	} } }`)
	want := []string{"started probe", "finished probe FAILED no", "started after", "finished after SUCCESS "}
	if got := story(events); !equal(got, want) {
		t.Errorf("events:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if ended := result.Hosts[0].State; ended != state.Success || result.ExitStatus != 0 || !result.Hosts[0].Tasks[0].Finished.GetIgnored() {
		t.Errorf("host is %s, exit status %d, the task %v", ended, result.ExitStatus, result.Hosts[0].Tasks[0].Finished)
	}
}

// testStreaming has the command wait for a file that is made only once its first line has come.
func testStreaming(t *testing.T, s *site) {
	gate := filepath.Join(t.TempDir(), "gate")
	s.onEvent = func(e *proto.Event) {
		if strings.Contains(e.GetOutput().GetText(), "first") {
			if err := os.WriteFile(gate, nil, 0o600); err != nil {
				t.Error(err)
			}
		}
	}
	result, _ := s.run(t, shellTask("echo first; while ! test -e "+gate+"; do sleep 0.02; done", `timeout = "2m"`))
	if result.ExitStatus != 0 {
		t.Errorf("the first line was not seen while the command ran: %+v", result.Hosts[0].Tasks[0].Finished)
	}
}

func testBytes(t *testing.T, s *site) {
	_, events := s.run(t, shellTask(`printf 'caf\303\251\n\377\000\n'`, ""))
	var got []byte
	for _, e := range events {
		got = append(got, e.GetOutput().Written()...)
	}
	if string(got) != "café\n\xff\x00\n" {
		t.Errorf("got %q", got)
	}
}

func testMuchOutput(t *testing.T, s *site) {
	lines := 0
	s.onEvent = func(e *proto.Event) { lines += strings.Count(e.GetOutput().Written(), "\n") }
	result, _ := s.run(t, shellTask("i=0; while [ $i -lt 200 ]; do seq 1 1000; i=$((i+1)); done", ""))
	if lines != 200_000 || result.ExitStatus != 0 {
		t.Errorf("%d lines came, exit status %d", lines, result.ExitStatus)
	}
}
