package sloth

import (
	"context"
	"time"

	"sloth-runner/internal/abandon"
	"sloth-runner/proto"
	"sloth-runner/sloth/lua/library"
)

// MaxOutput is how many bytes of a command's stdout, and of its stderr, Lua code sees.
const MaxOutput = library.MaxOutput

// Host is what tasks act on. The agent implements it.
type Host interface {
	// Exec runs a shell command and waits for it. A command that ran and failed is no error: the result says so.
	// The error is for commands that could not be run or were stopped by ctx.
	Exec(ctx context.Context, command string) (ExecResult, error)
	// Log passes on a message of a task.
	Log(level proto.Log_Level, message string)
	// Caller makes the calls of tasks into the system that may never come back, such as those on files.
	Caller() *abandon.Caller
}

// ExecResult is what became of a shell command.
type ExecResult struct {
	// Stdout and Stderr are what it printed; when Truncated is set, only the first MaxOutput bytes of each.
	Stdout, Stderr []byte
	Truncated      bool
	// StderrTail is the end of what it printed to stderr, at most 4 KiB.
	StderrTail []byte
	// ExitCode is its exit status; as a shell says it, 128 + the signal's number when a signal ended it.
	ExitCode int
	// Signal is the name of the signal that ended it, as "SIGKILL"; or "".
	Signal   string
	Duration time.Duration
}
