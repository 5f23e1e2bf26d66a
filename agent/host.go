package agent

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"

	"sloth-runner/internal/abandon"
	"sloth-runner/proto"
	"sloth-runner/sloth"
	"sloth-runner/sloth/module"
)

// taskHost is the sloth.Host of a task: it runs commands, and sends their output and the task's log messages as events
// of the current task.
type taskHost struct {
	session *session

	mu   sync.Mutex
	task *proto.Task
	// changed is how many changes the task has made.
	changed uint32
}

func (h *taskHost) begin(task *proto.Task) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.task, h.changed = task, 0
}

// changes returns how many changes the task has made.
func (h *taskHost) changes() uint32 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.changed
}

func (h *taskHost) current() *proto.Task {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.task
}

// Exec implements sloth.Host.
func (h *taskHost) Exec(ctx context.Context, command string) (sloth.ExecResult, error) {
	return h.run(ctx, maxCapture, shellStarter(command))
}

// Shell runs a command. Its output is sent as events, and not returned.
func (h *taskHost) Shell(ctx context.Context, command string) (sloth.ExecResult, error) {
	return h.run(ctx, 0, shellStarter(command))
}

func shellStarter(command string) starter {
	return func(p *processes, streams stdio) (*exec.Cmd, error) { return p.start(command, streams) }
}

// run runs the command of start, with the task's standard input if it has one. keep is how much of the beginning of the
// output is in the result, in bytes.
func (h *taskHost) run(ctx context.Context, keep int, start starter) (sloth.ExecResult, error) {
	task := h.current()
	output := func(piece *proto.Output) {
		h.session.emitTask(task, &proto.Event{Kind: &proto.Event_Output{Output: piece}})
	}
	if !task.GetStdin() || h.session.input == nil {
		return h.session.procs.run(ctx, nil, start, keep, output)
	}
	return h.runFed(ctx, start, keep, output)
}

// runFed runs a command whose standard input is that of the operator.
func (h *taskHost) runFed(ctx context.Context, start starter, keep int, output func(*proto.Output)) (sloth.ExecResult, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return sloth.ExecResult{}, fmt.Errorf("open a pipe: %w", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := make(chan struct{})
	var feeding sync.WaitGroup
	feeding.Go(func() {
		if err := h.session.input.feed(write, ended); err != nil {
			cancel(err)
		}
	})
	// The command has a copy of the read end. When this one is closed, a write fails after the command stops reading.
	result, err := h.session.procs.run(ctx, read, start, keep, output)
	close(ended)
	// The command has ended, so the rest of the input is not needed.
	write.Close()
	feeding.Wait()
	return result, err
}

// Caller implements sloth.Host.
func (h *taskHost) Caller() *abandon.Caller { return h.session.caller }

// Log implements sloth.Host.
func (h *taskHost) Log(level proto.Log_Level, message string) {
	log := &proto.Log{Level: level, Message: valid(message)}
	h.session.emitTask(h.current(), &proto.Event{Kind: &proto.Event_Log{Log: log}})
}

// Change implements sloth.Host.
func (h *taskHost) Change(function string, change module.Change) {
	h.mu.Lock()
	h.changed++
	h.mu.Unlock()
	diff, cut := change.ShortDiff()
	h.session.emitTask(h.current(), &proto.Event{Kind: &proto.Event_Change{Change: &proto.Change{
		Function: function, What: valid(change.What), Before: valid(change.Before), After: valid(change.After), Diff: valid(diff), DiffCut: cut,
	}}})
}

// DryRun implements sloth.Host.
func (h *taskHost) DryRun() bool { return h.session.start.GetDryRun() }

// valid replaces what is not UTF-8, which no event can have.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }
