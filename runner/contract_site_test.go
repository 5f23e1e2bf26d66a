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

	"sloth-runner/inventory"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner"
	"sloth-runner/runner/state"
	"sloth-runner/sloth"
)

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
	var lines []string
	for _, e := range events {
		switch kind := e.GetKind().(type) {
		case *proto.Event_TaskStarted:
			lines = append(lines, "started "+e.GetTask())
		case *proto.Event_TaskFinished:
			lines = append(lines, fmt.Sprintf("finished %s %s %s", e.GetTask(), kind.TaskFinished.GetOutcome(), kind.TaskFinished.GetMessage()))
		case *proto.Event_Log:
			lines = append(lines, fmt.Sprintf("log %s %s", kind.Log.GetLevel(), kind.Log.GetMessage()))
		case *proto.Event_Output:
			lines = append(lines, fmt.Sprintf("%s %s", kind.Output.GetStream(), strings.TrimSpace(kind.Output.GetText())))
		}
	}
	return lines
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
