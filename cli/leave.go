package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"sloth-runner/cli/command"
	"sloth-runner/internal/exitstatus"
)

const (
	// leaveLimit is how long a run may go on that was interrupted twice. Most end within milliseconds.
	leaveLimit = 3 * time.Second
	// blockedLimit is how long after that one of its outputs may take nothing, as a terminal that was stopped with Ctrl-S.
	blockedLimit = 500 * time.Millisecond
	// leaveStep is how often that is looked at.
	leaveStep = 50 * time.Millisecond
)

// leaveWithin calls leave when ctx has ended and the returned function was not called within leaveLimit after that, or an
// output was blocked meanwhile for blockedLimit.
func leaveWithin(ctx context.Context, blocked func() bool, leave func()) (stop func()) {
	stopped := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-ctx.Done():
		case <-stopped:
			return
		}
		step := time.NewTicker(leaveStep)
		defer step.Stop()
		began := time.Now()
		moved := began
		for {
			select {
			case now := <-step.C:
				if !blocked() {
					moved = now
				}
				if now.Sub(began) >= leaveLimit || now.Sub(moved) >= blockedLimit {
					leave()
					return
				}
			case <-stopped:
				return
			}
		}
	})
	return func() {
		close(stopped)
		watching.Wait()
	}
}

// blocked reports whether an output would not take a byte now. It is asked of the system, because who writes there waits.
func blocked(s *command.Streams) bool {
	for _, out := range []io.Writer{s.Out, s.Err} {
		if file, ok := out.(*os.File); ok && isBlocked(file) {
			return true
		}
	}
	return false
}

func isBlocked(file *os.File) (is bool) {
	conn, err := file.SyscallConn()
	if err != nil {
		return false
	}
	err = conn.Control(func(fd uintptr) {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
		_, err := unix.Poll(fds, 0)
		is = err == nil && fds[0].Revents == 0
	})
	return is && err == nil
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
