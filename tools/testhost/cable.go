package testhost

import (
	"context"
	"sync"
)

// cable is a connection that can be cut.
type cable struct {
	mu    sync.Mutex
	whole chan struct{} // closed while the cable is whole
}

func newCable() *cable {
	c := &cable{whole: make(chan struct{})}
	close(c.whole)
	return c
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if isClosed(c.whole) {
		c.whole = make(chan struct{})
	}
}

func (c *cable) heal() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !isClosed(c.whole) {
		close(c.whole)
	}
}

// wait returns nil when the cable is whole, or the error of ctx.
func (c *cable) wait(ctx context.Context) error {
	c.mu.Lock()
	whole := c.whole
	c.mu.Unlock()
	select {
	case <-whole:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
