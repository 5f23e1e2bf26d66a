package process

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
	p := NewSet(nil)
	p.signal = func(int, syscall.Signal) {}
	ctx, stop := context.WithTimeoutCause(t.Context(), 100*time.Millisecond, commandTimeout{100 * time.Millisecond})
	defer stop()
	began := time.Now()
	_, err := p.Run(ctx, Job{Start: Shell("exec sleep 1000"), Output: func(*proto.Output) {}})
	if _, ok := errors.AsType[commandTimeout](err); !ok {
		t.Errorf("run: %v", err)
	}
	if took := time.Since(began); took < KillGrace+reapLimit {
		t.Errorf("it was left after %v", took)
	}
	left := p.TakeLeft()
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
	p.KillAll()
	if took := time.Since(began); took > KillGrace {
		t.Errorf("KillAll took %v", took)
	}
	if again := p.TakeLeft(); again != "" {
		t.Errorf("it is named once more: %q", again)
	}
}

// TestNothingIsLeft: processes that end at the first signal are not named.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"sleep 1000", "sleep 1000 & sleep 1000", "trap '' TERM; sleep 1000 & wait"} {
		p := NewSet(nil)
		ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
		_, err := p.Run(ctx, Job{Start: Shell(command), Output: func(*proto.Output) {}})
		stop()
		p.KillAll()
		if left := p.TakeLeft(); err == nil || left != "" {
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
	p := NewSet(caller)
	limit := commandTimeout{50 * time.Millisecond}
	ctx, stop := context.WithTimeoutCause(t.Context(), limit.limit, limit)
	defer stop()
	answers, started := make(chan struct{}), make(chan *exec.Cmd, 1)
	_, err := p.Run(ctx, Job{Start: func(p *Set, streams Streams) (*exec.Cmd, error) {
		<-answers
		cmd, err := p.start("exec sleep 1000", streams)
		started <- cmd
		return cmd, err
	}, Output: func(*proto.Output) {}})
	if _, ok := errors.AsType[commandTimeout](err); !ok {
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
	p.KillAll()
	// A start that comes back after the run has ended starts nothing.
	if _, err := p.start("exec sleep 1000", Streams{}); !errors.Is(err, errRunEnded) {
		t.Errorf("after the run: %v", err)
	}
}
