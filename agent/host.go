package agent

import (
	"context"
	"os"
	"strings"
	"sync"

	"sloth-runner/agent/process"
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

// Shell runs a command. Its output is sent as events, and not returned.
func (h *taskHost) Shell(ctx context.Context, command string) (sloth.ExecResult, error) {
	return h.run(ctx, process.Job{Start: process.Shell(command)})
}

// run runs a command, with the task's standard input if it has one. Its output is sent as events unless the job says otherwise.
func (h *taskHost) run(ctx context.Context, j process.Job) (sloth.ExecResult, error) {
	if j.Output == nil {
		j.Output = h.output()
	}
	if !h.current().GetStdin() || h.session.input == nil {
		return h.session.procs.Run(ctx, j)
	}
	return h.session.procs.RunFed(ctx, j, func(to *os.File, ended <-chan struct{}) error { return h.session.input.feed(to, ended) })
}

// output sends pieces of output as events of the current task.
func (h *taskHost) output() func(*proto.Output) {
	task := h.current()
	return func(piece *proto.Output) {
		h.session.emitTask(task, &proto.Event{Kind: &proto.Event_Output{Output: piece}})
	}
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
	change.Diff = valid(change.Diff) // what is replaced may be longer
	diff, cut := change.ShortDiff()
	h.session.emitTask(h.current(), &proto.Event{Kind: &proto.Event_Change{Change: &proto.Change{
		Function: function, What: valid(change.What), Before: valid(change.Before), After: valid(change.After), Diff: diff, DiffCut: cut,
	}}})
}

// DryRun implements sloth.Host.
func (h *taskHost) DryRun() bool { return h.session.start.GetDryRun() }

// valid replaces what is not UTF-8, which no event can have.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }
