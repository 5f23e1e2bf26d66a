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
)

// taskHost is the host as a task sees it: it runs commands and passes on what they print and what the task logs,
// as events of the task that runs.
type taskHost struct {
	session *session

	mu   sync.Mutex
	task *proto.Task
}

func (h *taskHost) begin(task *proto.Task) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.task = task
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

// Shell runs a command whose output nothing on the host wants.
func (h *taskHost) Shell(ctx context.Context, command string) (sloth.ExecResult, error) {
	return h.run(ctx, 0, shellStarter(command))
}

func shellStarter(command string) starter {
	return func(p *processes, streams stdio) (*exec.Cmd, error) { return p.start(command, streams) }
}

// run runs what start starts, with the task's standard input if it has one. keep is how much of the beginning of what it
// prints is in the result.
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

// runFed runs a command that reads the operator's standard input.
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
	// The command has its own end: once this one is closed, a write fails when the command reads no more.
	result, err := h.session.procs.run(ctx, read, start, keep, output)
	close(ended)
	// What still waits to be written is for a command that has ended.
	write.Close()
	feeding.Wait()
	return result, err
}

// Caller implements sloth.Host.
func (h *taskHost) Caller() *abandon.Caller { return h.session.caller }

// Log implements sloth.Host.
func (h *taskHost) Log(level proto.Log_Level, message string) {
	log := &proto.Log{Level: level, Message: strings.ToValidUTF8(message, "\uFFFD")}
	h.session.emitTask(h.current(), &proto.Event{Kind: &proto.Event_Log{Log: log}})
}
