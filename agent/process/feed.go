package process

import (
	"context"
	"fmt"
	"os"
	"sync"

	"sloth-runner/sloth"
)

// RunFed runs a command whose standard input feed writes. feed returns when to can't be written any more, or soon after ended is
// closed. Its error stops the command.
func (p *Set) RunFed(ctx context.Context, j Job, feed func(to *os.File, ended <-chan struct{}) error) (sloth.ExecResult, error) {
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
	j.In = read
	result, err := p.Run(ctx, j)
	close(ended)
	// The command has ended, so the rest of the input is not needed.
	write.Close()
	feeding.Wait()
	return result, err
}
