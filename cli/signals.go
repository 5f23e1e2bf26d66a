package cli

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// signals turn the first Ctrl-C into an interrupt and the second into the end.
type signals struct {
	// ctx ends with the second signal.
	ctx context.Context
	// interrupt is closed with the first.
	interrupt chan struct{}
	cancel    context.CancelFunc
	incoming  chan os.Signal
	watching  sync.WaitGroup
}

// watchSignals watches until stop is called.
func watchSignals(ctx context.Context) *signals {
	ctx, cancel := context.WithCancel(ctx)
	w := &signals{ctx: ctx, cancel: cancel, interrupt: make(chan struct{}), incoming: make(chan os.Signal, 2)}
	signal.Notify(w.incoming, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	w.watching.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-w.incoming:
			case <-ctx.Done():
				return
			}
			switch n {
			case 0:
				close(w.interrupt)
			case 1:
				cancel()
				// Should even that take long, the next signal is the system's business.
				signal.Stop(w.incoming)
			}
		}
	})
	return w
}

func (w *signals) stop() {
	signal.Stop(w.incoming)
	w.cancel()
	w.watching.Wait()
}
