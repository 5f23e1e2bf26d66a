package agent

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"

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
	return h.run(ctx, func(p *processes, stdout, stderr *os.File) (*exec.Cmd, error) {
		return p.start(command, stdout, stderr)
	})
}

// run runs what start starts.
func (h *taskHost) run(ctx context.Context, start starter) (sloth.ExecResult, error) {
	task := h.current()
	return h.session.procs.run(ctx, start, func(stream proto.Output_Stream, data []byte) {
		h.session.emitTask(task, &proto.Event{Kind: &proto.Event_Output{Output: proto.NewOutput(stream, data)}})
	})
}

// Log implements sloth.Host.
func (h *taskHost) Log(level proto.Log_Level, message string) {
	log := &proto.Log{Level: level, Message: strings.ToValidUTF8(message, "\uFFFD")}
	h.session.emitTask(h.current(), &proto.Event{Kind: &proto.Event_Log{Log: log}})
}
