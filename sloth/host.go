package sloth

import (
	"context"

	"sloth-runner/internal/abandon"
	"sloth-runner/proto"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/oshost"
	"sloth-runner/sloth/module/overlay"
)

// Host is what tasks act on. The agent implements it.
type Host interface {
	// Exec runs a command and waits for it. A command that ran and failed is no error: the result says so.
	// The error is for commands that could not be run or were stopped by ctx.
	Exec(ctx context.Context, command module.Command) (ExecResult, error)
	// Log passes on a message of a task.
	Log(level proto.Log_Level, message string)
	// Change takes what a function such as file.write changed.
	Change(function string, change module.Change)
	// Offered are the files that the run offers.
	Offered() module.Offered
	// DryRun says that nothing is to be changed.
	DryRun() bool
	// Caller makes the calls of tasks into the system that may never come back, such as those on files.
	Caller() *abandon.Caller
}

// ExecResult is what became of a command.
type ExecResult = module.CommandResult

// actingHost is the host as modules and the library see it: the files and accounts of this machine, and the commands of Host.
type actingHost struct {
	module.Files
	module.Accounts
	disk    oshost.Host
	machine *Machine
}

var _ module.Host = (*actingHost)(nil)

// newActingHost returns the host that a machine acts on. In a dry run its files are those that the calls would leave.
func newActingHost(m *Machine) *actingHost {
	disk := oshost.Host{Caller: m.host.Caller(), Swept: new(oshost.Swept)}
	h := &actingHost{Files: disk, Accounts: disk, disk: disk, machine: m}
	if m.host.DryRun() {
		h.Files = overlay.New(disk, func(n module.NotDone) { m.endTask(n) })
	}
	return h
}

// Getenv implements module.Host.
func (h *actingHost) Getenv(name string) (string, bool) { return h.disk.Getenv(name) }

// Run implements module.Host, and remembers the last command that failed. A dry run runs only commands that change nothing; others
// succeed.
func (h *actingHost) Run(ctx context.Context, command module.Command) (module.CommandResult, error) {
	if h.machine.host.DryRun() && !command.ReadOnly {
		h.machine.host.Log(proto.Log_INFO, bounds.Text("would run "+command.String(), bounds.MaxMessage))
		return module.CommandResult{}, nil
	}
	result, err := h.machine.host.Exec(ctx, command)
	if err == nil && !command.Probe && !command.Succeeded(result) {
		h.machine.lastFailed = &result
	}
	return result, err
}
