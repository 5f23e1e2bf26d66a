package cli

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"sloth-runner/runner"
)

// leaveLimit is how long a run may go on that was interrupted twice. Most end within milliseconds.
const leaveLimit = 3 * time.Second

// leaveWithin calls leave when ctx has ended and the returned function was not called within limit after that.
func leaveWithin(ctx context.Context, limit time.Duration, leave func()) (stop func()) {
	stopped := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-ctx.Done():
		case <-stopped:
			return
		}
		timer := time.NewTimer(limit)
		defer timer.Stop()
		select {
		case <-timer.C:
			leave()
		case <-stopped:
		}
	})
	return func() {
		close(stopped)
		watching.Wait()
	}
}

// leaveNow ends the process, whatever it waits for. What was recorded until now can be read.
func leaveNow(s *Streams, id string) {
	said := make(chan struct{})
	go func() {
		defer close(said)
		fmt.Fprintf(s.Err, "left before all was written; agents end what still runs. What is known: sloth-runner runs show %s\n", id)
	}()
	select {
	case <-said:
	case <-time.After(100 * time.Millisecond): // stderr may be what blocks
	}
	os.Exit(runner.ExitInterrupted)
}
