package module

import (
	"io/fs"
	"slices"
	"time"

	"sloth-runner/internal/shell"
)

// Command is a command of a host.
type Command struct {
	// Shell is a line for sh -c.
	Shell string
	// Argv is a program and its arguments, which run without a shell; nil: Shell is run.
	Argv []string
	// Dir is the directory that it runs in; "": that of the agent's tasks.
	Dir string
	// Env are variables of its environment, besides those of the agent; with ClearEnv, it has no others.
	Env      map[string]string
	ClearEnv bool
	// Stdin is its standard input; nil: that of the task, which is empty unless the operator gave it one.
	Stdin []byte
	// Timeout is after what time it is ended with all its processes; 0: never.
	Timeout time.Duration
	// Umask is the umask that it has; nil: that of the agent.
	Umask *fs.FileMode
	// User is the account that it runs as; "": that of the agent.
	User string
	// Quiet keeps its output from the operator.
	Quiet bool
	// MaxOutput is how many bytes of its stdout, and of its stderr, the result has; 0: the constant MaxOutput.
	MaxOutput int
	// ReadOnly says that it only looks: a dry run runs it.
	ReadOnly bool
	// OK are the exit statuses of success; nil: 0.
	OK []int
	// Probe says that its exit status is an answer: no status is a failure.
	Probe bool
}

// String returns the command as a person would type it.
func (c Command) String() string {
	if c.Argv == nil {
		return c.Shell
	}
	return shell.Type(c.Argv...)
}

// IsPlain reports whether it is a shell line alone, which runs as the tasks of the agent do.
func (c Command) IsPlain() bool {
	return c.Argv == nil && c.Dir == "" && len(c.Env) == 0 && !c.ClearEnv && c.Umask == nil && c.User == ""
}

// Succeeded reports whether that is how it has to end.
func (c Command) Succeeded(result CommandResult) bool {
	if result.Signal != "" || result.TimedOut {
		return false
	}
	return c.OK == nil && result.ExitCode == 0 || slices.Contains(c.OK, result.ExitCode)
}

// CommandResult is what became of a command.
type CommandResult struct {
	// Stdout and Stderr are what it printed; when Truncated is set, only the first bytes of each, as many as the command's
	// MaxOutput says.
	Stdout, Stderr []byte
	Truncated      bool
	// StderrTail is the end of what it printed to stderr, at most 4 KiB.
	StderrTail []byte
	// ExitCode is its exit status; as a shell says it, 128 + the signal's number when a signal ended it.
	ExitCode int
	// Signal is the name of the signal that ended it, as "SIGKILL"; or "".
	Signal string
	// TimedOut says that it was ended because of the command's Timeout.
	TimedOut bool
	Duration time.Duration
}

const (
	// MaxOutput is how many bytes of a command's stdout, and of its stderr, a result has where nothing else is said.
	MaxOutput = 8 << 20
	// MostOutput is the most that a Command may ask for: the longest string of Lua code.
	MostOutput = 64 << 20
)
