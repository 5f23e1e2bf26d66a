package runner_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sloth-runner/internal/exitstatus"
	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
	"sloth-runner/sloth"
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
		got = append(got, e.GetOutput().Bytes()...)
	}
	if string(got) != "café\n\xff\x00\n" {
		t.Errorf("got %q", got)
	}
}

func testTaskTimeout(t *testing.T, s *site) {
	mark := newMark(t)
	result, _ := s.run(t, shellTask(mark.sleepers()+"; wait", "timeout = 2"))
	if f := result.Hosts[0].Tasks[0].Finished; f.GetOutcome() != proto.TaskFinished_FAILED || f.GetMessage() != "timed out after 2s" {
		t.Errorf("finished as %+v", f)
	}
	mark.mustBeGone(t)
}

func testHostTimeout(t *testing.T, s *site) {
	s.timeout = 3 * time.Second // long enough for the first task to begin
	result, _ := s.run(t, `TaskDefinitions = { g = { tasks = {
		{ name = "long", command = "sleep 60" }, { name = "next", command = "true" } } } }`)
	tasks := result.Hosts[0].Tasks
	if tasks[0].Finished.GetOutcome() != proto.TaskFinished_FAILED || tasks[1].Finished.GetOutcome() != proto.TaskFinished_CANCELLED {
		t.Errorf("tasks finished as %v and %v", tasks[0].Finished, tasks[1].Finished)
	}
	if result.Hosts[0].State != state.Failed {
		t.Errorf("host is %s", result.Hosts[0].State)
	}
}

func testInterrupt(t *testing.T, s *site) {
	mark := newMark(t)
	interrupt := make(chan struct{})
	s.interrupt = interrupt
	s.onEvent = func(e *proto.Event) {
		if strings.Contains(e.GetOutput().GetText(), "running") {
			close(interrupt)
		}
	}
	result, _ := s.run(t, shellTask("trap '' TERM; "+mark.sleepers()+"; echo running; wait", ""))
	if result.Hosts[0].State != state.Cancelled || result.ExitStatus != exitstatus.Interrupted {
		t.Errorf("host is %s (%v), exit status %d", result.Hosts[0].State, result.Hosts[0].Failure, result.ExitStatus)
	}
	if remark := result.Hosts[0].Remark; remark != "" {
		t.Errorf("of what went with the rest it says %q", remark)
	}
	mark.mustBeGone(t)
}

func testBackground(t *testing.T, s *site) {
	mark := newMark(t)
	result, _ := s.run(t, shellTask(mark.sleepers()+"; echo left", ""))
	if result.ExitStatus != 0 {
		t.Errorf("exit status %d: %v", result.ExitStatus, result.Hosts[0].Tasks[0].Finished)
	}
	if want := "2 background processes were stopped; use setsid or systemd-run to keep them"; result.Hosts[0].Remark != want {
		t.Errorf("it says %q, want %q", result.Hosts[0].Remark, want)
	}
	mark.mustBeGone(t)
}

func testBrokenLink(t *testing.T, s *site) {
	if s.breakLink == nil {
		t.Log("nothing can break between an agent and its own process")
		return
	}
	mark := newMark(t)
	s.onEvent = func(e *proto.Event) {
		if strings.Contains(e.GetOutput().GetText(), "running") {
			s.breakLink()
		}
	}
	result, _ := s.run(t, shellTask(mark.sleepers()+"; echo running; wait", ""))
	task := result.Hosts[0].Tasks[0].Finished
	if result.Hosts[0].State != state.Lost || task.GetOutcome() != proto.TaskFinished_LOST || result.ExitStatus != exitstatus.Unreachable {
		t.Errorf("host is %s, task %v, exit status %d", result.Hosts[0].State, task, result.ExitStatus)
	}
	mark.mustBeGone(t)
}

func testOtherTasks(t *testing.T, s *site) {
	source := `TaskDefinitions = { g = { tasks = { { name = "t%s", command = function() return true end } } } }`
	s.tamper = func(p *plan.Plan) { p.Source = fmt.Appendf(nil, source, "2") }
	result, _ := s.run(t, fmt.Sprintf(source, "1"))
	failure := result.Hosts[0].Failure
	if result.Hosts[0].State != state.Failed || failure.GetStage() != proto.Failure_LOAD ||
		!strings.Contains(failure.GetReason(), `task "t2" of group "g" instead of task "t1"`) {
		t.Errorf("host is %s: %v", result.Hosts[0].State, failure)
	}
	if len(result.Hosts[0].Tasks) != 0 {
		t.Errorf("tasks ran: %v", result.Hosts[0].Tasks)
	}
}

func testEndlessLua(t *testing.T, s *site) {
	result, _ := s.run(t, `TaskDefinitions = { g = { tasks = { { name = "loop", timeout = 0.3,
		command = function() while true do pcall(function() while true do end end) end end } } } }`)
	if f := result.Hosts[0].Tasks[0].Finished; f.GetOutcome() != proto.TaskFinished_FAILED || f.GetMessage() != "timed out after 300ms" {
		t.Errorf("finished as %+v", f)
	}
}

func testMuchOutput(t *testing.T, s *site) {
	lines := 0
	s.onEvent = func(e *proto.Event) { lines += strings.Count(string(e.GetOutput().Bytes()), "\n") }
	result, _ := s.run(t, shellTask("i=0; while [ $i -lt 200 ]; do seq 1 1000; i=$((i+1)); done", ""))
	if lines != 200_000 || result.ExitStatus != 0 {
		t.Errorf("%d lines came, exit status %d", lines, result.ExitStatus)
	}
}

// site is one way to reach one agent, and what a case may change about the run.
type site struct {
	connector runner.Connector
	target    inventory.Target
	// breakLink cuts the connection of the run that is under way.
	breakLink func()

	timeout   time.Duration
	interrupt <-chan struct{}
	stdin     io.ReadCloser
	files     runner.Files
	onEvent   func(*proto.Event)
	// tamper changes what is sent to the host.
	tamper func(*plan.Plan)
}

func (s *site) run(t *testing.T, source string) (*state.Run, []*proto.Event) {
	t.Helper()
	plan, err := sloth.Load(t.Context(), "test.sloth", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	if s.tamper != nil {
		s.tamper(plan)
	}
	var jobs []runner.Job
	for _, group := range plan.Groups {
		for _, task := range group.Tasks {
			jobs = append(jobs, runner.Job{Group: group, Task: task, Targets: []inventory.Target{s.target}})
		}
	}
	recorder := &recorder{onEvent: s.onEvent}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	result, err := runner.Run(ctx, runner.Config{
		ID: "test", Plan: plan, Jobs: jobs, Connector: s.connector, Sinks: []runner.Sink{recorder},
		Timeout: s.timeout, AnswerTimeout: 2 * time.Minute, Interrupt: s.interrupt, Stdin: s.stdin, Files: s.files,
	})
	if err != nil {
		t.Fatal(err)
	}
	if ended := result.Hosts[0].State; ended == state.Unreachable {
		t.Fatalf("unreachable: %v", result.Hosts[0].Failure)
	}
	return result, recorder.events
}

type recorder struct {
	mu      sync.Mutex
	events  []*proto.Event
	onEvent func(*proto.Event)
}

func (r *recorder) Event(e *proto.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	if r.onEvent != nil {
		r.onEvent(e)
	}
}

// story is what the agent said of its tasks, a line an event.
func story(events []*proto.Event) []string {
	var told []string
	for _, e := range events {
		switch kind := e.GetKind().(type) {
		case *proto.Event_TaskStarted:
			told = append(told, "started "+e.GetTask())
		case *proto.Event_TaskFinished:
			told = append(told, fmt.Sprintf("finished %s %s %s", e.GetTask(), kind.TaskFinished.GetOutcome(), kind.TaskFinished.GetMessage()))
		case *proto.Event_Log:
			told = append(told, fmt.Sprintf("log %s %s", kind.Log.GetLevel(), kind.Log.GetMessage()))
		case *proto.Event_Output:
			told = append(told, fmt.Sprintf("%s %s", kind.Output.GetStream(), strings.TrimSpace(kind.Output.GetText())))
		}
	}
	return told
}

func equal(a, b []string) bool { return strings.Join(a, "\n") == strings.Join(b, "\n") }

func shellTask(command, more string) string {
	return fmt.Sprintf("TaskDefinitions = { g = { tasks = { { name = 't', command = [==[%s]==], %s } } } }", command, more)
}

// mark tells the processes of one test apart from all others: they note their number in a file.
type mark struct{ file string }

func newMark(t *testing.T) mark { return mark{filepath.Join(t.TempDir(), "pids")} }

// sleepers is a shell command that leaves two processes in the background, which sleep longer than any test, and comes
// back when both are noted.
func (m mark) sleepers() string {
	one := "sh -c 'echo $$ >>" + m.file + "; exec sleep 600' & "
	return one + one + "while [ \"$(wc -l <" + m.file + ")\" != 2 ]; do sleep 0.01; done 2>/dev/null"
}

// mustBeGone fails unless all noted processes end within the time that the agent gives itself.
func (m mark) mustBeGone(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(m.file)
	if err != nil {
		t.Fatalf("the processes did not start: %v", err)
	}
	limit := time.Now().Add(2 * time.Minute)
	for word := range strings.FieldsSeq(string(text)) {
		pid, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		for syscall.Kill(pid, 0) == nil {
			if time.Now().After(limit) {
				t.Fatalf("process %d is still there", pid)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}
