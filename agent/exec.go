package agent

import (
	"context"
	"os"

	"sloth-runner/agent/process"
	"sloth-runner/proto"
	"sloth-runner/sloth"
	"sloth-runner/sloth/module"
)

// Exec implements sloth.Host.
func (h *taskHost) Exec(ctx context.Context, command module.Command) (sloth.ExecResult, error) {
	j := process.Job{Start: process.Command(command, "give the command as one string"), Keep: command.MaxOutput, Limit: command.Timeout}
	if j.Keep <= 0 {
		j.Keep = module.MaxOutput
	}
	if command.Quiet {
		j.Output = func(*proto.Output) {}
	}
	if command.Stdin == nil {
		return h.run(ctx, j)
	}
	if j.Output == nil {
		j.Output = h.output()
	}
	return h.session.procs.RunFed(ctx, j, func(to *os.File, _ <-chan struct{}) error {
		// A command may end, or close its input, before it has read all.
		_, _ = to.Write(command.Stdin)
		_ = to.Close()
		return nil
	})
}

// Argv runs a program with its arguments, without a shell.
func (h *taskHost) Argv(ctx context.Context, words []string) (sloth.ExecResult, error) {
	const advice = "give the shell its command as one word, in quotes"
	return h.run(ctx, process.Job{Start: process.Command(module.Command{Argv: words}, advice)})
}
