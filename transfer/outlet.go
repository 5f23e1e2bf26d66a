package transfer

import (
	"context"
	"sync"
)

// Outlet is the sending half of a stream. Safe for concurrent use.
type Outlet[M any] struct {
	// Window bounds what is on its way.
	Window *Window

	mu   sync.Mutex
	send func(M) error
}

// NewOutlet returns an outlet with a window of its own.
func NewOutlet[M any](send func(M) error) *Outlet[M] {
	return &Outlet[M]{Window: NewWindow(), send: send}
}

// Send sends a message that counts against no window.
func (o *Outlet[M]) Send(message M) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.send(message)
}

// SendPaced sends a message that has n bytes of lists or contents, when there is room for them in the window.
func (o *Outlet[M]) SendPaced(ctx context.Context, message M, n int) error {
	if n > 0 {
		if err := o.Window.Reserve(ctx, n); err != nil {
			return err
		}
	}
	return o.Send(message)
}
