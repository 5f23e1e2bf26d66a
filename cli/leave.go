package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"sloth-runner/cli/command"
	"sloth-runner/internal/exitstatus"
	"sloth-runner/internal/leave"
)

// blocked reports whether an output would not take a byte now. It is asked of the system, because who writes there waits.
func blocked(s *command.Streams) bool {
	for _, out := range []io.Writer{s.Out, s.Err} {
		if file, ok := out.(*os.File); ok && leave.IsBlocked(file) {
			return true
		}
	}
	return false
}

// leaveNow ends the process, whatever it waits for. What was recorded until now can be read.
func leaveNow(s *command.Streams, id string) {
	said := make(chan struct{})
	go func() {
		defer close(said)
		fmt.Fprintf(s.Err, "left before all was written; agents end what still runs. What is known: sloth-runner runs show %s\n", id)
	}()
	select {
	case <-said:
	case <-time.After(100 * time.Millisecond): // stderr may be what blocks
	}
	os.Exit(exitstatus.Interrupted)
}
