package runner_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sloth-runner/internal/exitstatus"
	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

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
