package agent

import (
	"context"
	"fmt"
	"os"
	"sync"

	"sloth-runner/proto"
	"sloth-runner/sloth"
	"sloth-runner/sloth/module"
)

// Exec implements sloth.Host.
func (h *taskHost) Exec(ctx context.Context, command module.Command) (sloth.ExecResult, error) {
	j := job{start: commandStarter(command, "give the command as one string"), keep: command.MaxOutput, limit: command.Timeout}
	if j.keep <= 0 {
		j.keep = module.MaxOutput
	}
	if command.Quiet {
		j.output = func(*proto.Output) {}
	}
	if command.Stdin == nil {
		return h.run(ctx, j)
	}
	if j.output == nil {
		j.output = h.output()
	}
	return h.session.procs.runFed(ctx, j, func(to *os.File, _ <-chan struct{}) error {
		// A command may end, or close its input, before it has read all.
		_, _ = to.Write(command.Stdin)
		_ = to.Close()
		return nil
	})
}

// runFed runs a command whose standard input feed writes. feed returns when to can't be written any more, or soon after ended is
// closed. Its error stops the command.
func (p *processes) runFed(ctx context.Context, j job, feed func(to *os.File, ended <-chan struct{}) error) (sloth.ExecResult, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return sloth.ExecResult{}, fmt.Errorf("open a pipe: %w", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := make(chan struct{})
	var feeding sync.WaitGroup
	feeding.Go(func() {
		if err := feed(write, ended); err != nil {
			cancel(err)
		}
	})
	// The command has a copy of the read end. When this one is closed, a write fails after the command stops reading.
	j.in = read
	result, err := p.run(ctx, j)
	close(ended)
	// The command has ended, so the rest of the input is not needed.
	write.Close()
	feeding.Wait()
	return result, err
}
