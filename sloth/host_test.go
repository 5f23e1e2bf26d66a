package sloth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"time"

	"sloth-runner/internal/abandon"
	"sloth-runner/proto"
	"sloth-runner/sloth/module"
)

// testHost runs commands by answer, or in a real shell, and writes down what tasks do.
type testHost struct {
	answer func(command string) (ExecResult, error)

	mu    sync.Mutex
	notes []string
}

func (h *testHost) note(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.notes = append(h.notes, fmt.Sprintf(format, args...))
}

// taken returns the notes since the last call.
func (h *testHost) taken() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	notes := h.notes
	h.notes = nil
	return notes
}

func (h *testHost) Exec(ctx context.Context, command string) (ExecResult, error) {
	h.note("$ %s", command)
	if h.answer != nil {
		return h.answer(command)
	}
	return shell(ctx, command)
}

func (h *testHost) Log(level proto.Log_Level, message string) {
	h.note("%s: %s", strings.ToLower(level.String()), message)
}

func (h *testHost) Change(function string, change module.Change) {
	h.note("%s changed %s: %s -> %s", function, change.What, change.Before, change.After)
}

func (h *testHost) DryRun() bool { return false }

func (h *testHost) Caller() *abandon.Caller { return nil }

func shell(ctx context.Context, command string) (ExecResult, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return ExecResult{}, err
	}
	if ctx.Err() != nil {
		return ExecResult{}, ctx.Err()
	}
	return ExecResult{Stdout: stdout.Bytes(), Stderr: stderr.Bytes(), ExitCode: cmd.ProcessState.ExitCode(), Duration: time.Millisecond}, nil
}
