// Package leave ends a process that was asked to end and does not, because one of its outputs takes nothing.
package leave

import (
	"context"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// limit is how long a run may go on that was interrupted twice. Most end within milliseconds.
	limit = 3 * time.Second
	// blockedLimit is how long after that one of its outputs may take nothing, as a terminal that was stopped with Ctrl-S.
	blockedLimit = 500 * time.Millisecond
	// step is how often that is looked at.
	step = 50 * time.Millisecond
)

// Within calls leave when ctx has ended and the returned function was not called within limit after that, or an
// output was blocked meanwhile for blockedLimit.
func Within(ctx context.Context, blocked func() bool, leave func()) (stop func()) {
	stopped := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-ctx.Done():
		case <-stopped:
			return
		}
		ticker := time.NewTicker(step)
		defer ticker.Stop()
		began := time.Now()
		moved := began
		for {
			select {
			case now := <-ticker.C:
				if !blocked() {
					moved = now
				}
				if now.Sub(began) >= limit || now.Sub(moved) >= blockedLimit {
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

// IsBlocked reports whether a file would not take a byte now. The system is asked, because a writer would wait.
func IsBlocked(file *os.File) (is bool) {
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
