package sshclient

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"sloth-runner/sshconfig"
)

// usualCountMax is ServerAliveCountMax in ssh_config(5) where nothing is said.
const usualCountMax = 3

// watch asks a silent host for signs of life: ServerAliveInterval and ServerAliveCountMax in ssh_config(5).
type watch struct {
	link     *link
	interval time.Duration
	most     int
	stop     context.CancelFunc
	running  sync.WaitGroup
	gaveUp   atomic.Pointer[error]
}

// watchOver begins to watch, if the options want that; nil: they don't.
func watchOver(l *link, o sshconfig.Settings) *watch {
	if o.ServerAliveInterval <= 0 {
		return nil
	}
	ctx, stop := context.WithCancel(context.Background())
	w := &watch{link: l, interval: o.ServerAliveInterval, most: cmp.Or(o.ServerAliveCountMax, usualCountMax), stop: stop}
	w.running.Go(func() { w.run(ctx) })
	return w
}

// end ends the watch of a connection that is closed.
func (w *watch) end() {
	if w != nil {
		w.stop()
		w.running.Wait()
	}
}

// why says why the watch has closed the connection, if it did.
func (w *watch) why() error {
	if w == nil || w.gaveUp.Load() == nil {
		return nil
	}
	return *w.gaveUp.Load()
}

func (w *watch) run(ctx context.Context) {
	asking := make(chan struct{}, 1) // holds a token while a question is on its way
	for count := 0; ; {
		pause := w.interval - w.link.wire.silence()
		if pause > 0 {
			count = 0
		} else if count++; count > w.most {
			err := fmt.Errorf("no sign of life for %s (ServerAliveInterval, ServerAliveCountMax)", w.link.wire.silence().Round(time.Second))
			w.gaveUp.Store(&err)
			w.link.Close()
			return
		} else {
			pause = w.interval
			w.ask(asking)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// ask sends one question unless another is on its way. Whatever the answer is, it is a sign of life.
func (w *watch) ask(asking chan struct{}) {
	select {
	case asking <- struct{}{}:
	default:
		return
	}
	w.running.Go(func() {
		_, _, _ = w.link.SendRequest("keepalive@openssh.com", true, nil)
		<-asking
	})
}
