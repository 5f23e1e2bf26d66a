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

// usualCountMax is the default of ServerAliveCountMax in ssh_config(5).
const usualCountMax = 3

// watch sends keepalives to a silent host: ServerAliveInterval and ServerAliveCountMax in ssh_config(5).
type watch struct {
	link     *link
	interval time.Duration
	most     int
	stop     context.CancelFunc
	running  sync.WaitGroup
	gaveUp   atomic.Pointer[error]
}

// startWatch starts a watch; nil: the options turn keepalives off.
func startWatch(l *link, o sshconfig.Settings) *watch {
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

// why returns why the watch has closed the connection; nil: it has not.
func (w *watch) why() error {
	if w == nil || w.gaveUp.Load() == nil {
		return nil
	}
	return *w.gaveUp.Load()
}

func (w *watch) run(ctx context.Context) {
	asking := make(chan struct{}, 1) // holds a token while a keepalive has no answer
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

// ask sends a keepalive unless the last one has no answer yet. Any answer is a sign of life, also a refusal.
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
