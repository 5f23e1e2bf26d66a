package agent

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"sloth-runner/internal/abandon"
	"sloth-runner/internal/duplex"
)

// ServeStdio serves one operator on the process's standard input and output, and returns when it is gone and so is
// everything that was started for it. ready is written first: it tells the operator where the stream begins.
func (s *Service) ServeStdio(ctx context.Context, ready string) error {
	// A write to a reader that is gone must be an error here, not the end of the process before it has cleaned up.
	// Notify and not Ignore: children would inherit an ignored signal.
	pipe := make(chan os.Signal, 1)
	signal.Notify(pipe, syscall.SIGPIPE)
	defer signal.Stop(pipe)

	stdin, stdout := pollable(os.Stdin), pollable(os.Stdout)
	conn := duplex.New(duplex.Config{
		Reader: stdin, Writer: stdout, Name: "stdio",
		Close: func() error { return errors.Join(stdin.Close(), stdout.Close()) },
	})
	if _, err := conn.Write([]byte(ready)); err != nil {
		return errors.Join(fmt.Errorf("greet the operator: %w", err), conn.Close())
	}
	var tending sync.WaitGroup
	tend, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if !s.IsChild {
		tending.Go(func() { s.tend(tend) })
	}
	s.ServeConn(ctx, conn)
	stop()
	tending.Wait()
	return conn.Close()
}

// tend tends the cache. What its file system does not answer for is left when ctx ends.
func (s *Service) tend(ctx context.Context) {
	_, _ = abandon.Do(ctx, abandon.NewCaller(&s.calls), abandon.Work[struct{}]{
		Call: abandon.Call{Name: "the tending of the cache"},
		Do: func() (struct{}, error) {
			tendCache()
			return struct{}{}, nil
		},
	})
}

// pollable returns the file in a form whose Close unblocks a Read, where the system can do that.
func pollable(f *os.File) *os.File {
	fd := f.Fd()
	if err := syscall.SetNonblock(int(fd), true); err != nil {
		return f
	}
	return os.NewFile(fd, f.Name())
}
