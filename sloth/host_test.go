package sloth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
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
	dryRun bool

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

func (h *testHost) Exec(ctx context.Context, command module.Command) (ExecResult, error) {
	h.note("$ %s", command)
	if h.answer != nil {
		return h.answer(command.String())
	}
	return run(ctx, command)
}

func (h *testHost) Log(level proto.Log_Level, message string) {
	h.note("%s: %s", strings.ToLower(level.String()), message)
}

func (h *testHost) Change(function string, change module.Change) {
	h.note("%s changed %s: %s -> %s", function, change.What, change.Before, change.After)
}

func (h *testHost) DryRun() bool { return h.dryRun }

func (h *testHost) Offered() module.Offered { return nil }

func (h *testHost) Caller() *abandon.Caller { return nil }

// run runs a command for real, with those of its options that examples have.
func run(ctx context.Context, command module.Command) (ExecResult, error) {
	words := command.Argv
	if words == nil {
		words = []string{"sh", "-c", command.Shell}
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = command.Dir, bytes.NewReader(command.Stdin), &stdout, &stderr
	cmd.Env = os.Environ()
	for name, value := range command.Env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
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
