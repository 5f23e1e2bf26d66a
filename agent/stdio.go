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

// ServeStdio serves one operator on standard input and output. It returns when the connection has ended and so has all
// that was started for it. It first writes ready, which shows the operator where the stream begins.
func (s *Service) ServeStdio(ctx context.Context, ready string) error {
	// A write to a closed pipe must return an error, and not end the process before the clean-up. Notify is used because
	// children would inherit an ignored signal.
	pipe := make(chan os.Signal, 1)
	signal.Notify(pipe, syscall.SIGPIPE)
	defer signal.Stop(pipe)

	widen(os.Stdin)
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

// tend tends the cache. It gives up when ctx ends, if the file system does not answer.
func (s *Service) tend(ctx context.Context) {
	_, _ = abandon.Do(ctx, abandon.NewCaller(&s.calls), abandon.Work[struct{}]{
		Call: abandon.Call{Name: "the tending of the cache"},
		Do: func() (struct{}, error) {
			tendCache()
			return struct{}{}, nil
		},
	})
}

// pollable returns the file in a form whose Close unblocks a Read, if the system supports that.
func pollable(f *os.File) *os.File {
	fd := f.Fd()
	if err := syscall.SetNonblock(int(fd), true); err != nil {
		return f
	}
	return os.NewFile(fd, f.Name())
}
