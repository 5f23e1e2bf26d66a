package agent

import (
	"context"
	"errors"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"sloth-runner/internal/abandon"
	"sloth-runner/proto"
)

// TestProcessThatCannotBeEnded: a process that SIGKILL does not end, such as one that waits for a dead file system or
// one of root, is left after a limit, and named. The test sends no signal, because no real process is sure to survive
// it.
func TestProcessThatCannotBeEnded(t *testing.T) {
	t.Parallel()
	p := newProcesses(nil)
	p.signal = func(int, syscall.Signal) {}
	ctx, stop := context.WithTimeoutCause(t.Context(), 100*time.Millisecond, TaskTimeout{100 * time.Millisecond})
	defer stop()
	began := time.Now()
	_, err := p.run(ctx, job{start: shellStarter("exec sleep 1000"), output: func(*proto.Output) {}})
	if _, ok := errors.AsType[TaskTimeout](err); !ok {
		t.Errorf("run: %v", err)
	}
	if took := time.Since(began); took < KillGrace+reapLimit {
		t.Errorf("it was left after %v", took)
	}
	left := p.takeLeft()
	match := regexp.MustCompile(`^still running after SIGKILL: process (\d+) \(sleep, state [SR]\)$`).FindStringSubmatch(left)
	if runtime.GOOS == "linux" && match == nil {
		t.Errorf("left: %q", left)
	}
	if match != nil {
		pid, err := strconv.Atoi(match[1])
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(-pid, syscall.SIGKILL); err != nil {
			t.Errorf("kill it: %v", err)
		}
	}
	// The processes that are left are not waited for again.
	began = time.Now()
	p.killAll()
	if took := time.Since(began); took > KillGrace {
		t.Errorf("killAll took %v", took)
	}
	if again := p.takeLeft(); again != "" {
		t.Errorf("it is named once more: %q", again)
	}
}

// TestNothingIsLeft: processes that end at the first signal are not named.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"sleep 1000", "sleep 1000 & sleep 1000", "trap '' TERM; sleep 1000 & wait"} {
		p := newProcesses(nil)
		ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
		_, err := p.run(ctx, job{start: shellStarter(command), output: func(*proto.Output) {}})
		stop()
		p.killAll()
		if left := p.takeLeft(); err == nil || left != "" {
			t.Errorf("%s: %v, left: %q", command, err, left)
		}
	}
}

// TestStartThatDoesNotComeBack: a command whose start blocks on the file system of its program is left at its time
// limit. If it starts later, it is killed at once.
func TestStartThatDoesNotComeBack(t *testing.T) {
	t.Parallel()
	calls := new(abandon.Calls)
	caller := abandon.NewCaller(calls)
	p := newProcesses(caller)
	limit := TaskTimeout{50 * time.Millisecond}
	ctx, stop := context.WithTimeoutCause(t.Context(), limit.Limit, limit)
	defer stop()
	answers, started := make(chan struct{}), make(chan *exec.Cmd, 1)
	_, err := p.run(ctx, job{start: func(p *processes, streams stdio) (*exec.Cmd, error) {
		<-answers
		cmd, err := p.start("exec sleep 1000", streams)
		started <- cmd
		return cmd, err
	}, output: func(*proto.Output) {}})
	if _, ok := errors.AsType[TaskTimeout](err); !ok {
		t.Errorf("run: %v", err)
	}
	if left := caller.TakeLeft(); !strings.HasPrefix(left, "the start of a command still waits in the system") {
		t.Errorf("left: %q", left)
	}
	close(answers)
	cmd := <-started
	for end := time.Now().Add(time.Minute); calls.Abandoned() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("process %d was not ended within a minute", cmd.Process.Pid)
		}
	}
	if cmd.ProcessState == nil || cmd.ProcessState.Success() {
		t.Errorf("the command ended as %v", cmd.ProcessState)
	}
	p.killAll()
	// A start that comes back after the run has ended starts nothing.
	if _, err := p.start("exec sleep 1000", stdio{}); !errors.Is(err, errRunEnded) {
		t.Errorf("after the run: %v", err)
	}
}
