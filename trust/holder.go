package trust

import (
	"crypto/x509"
	"sync"
	"time"
)

// Holder has the credentials that hold now, for connections that outlive them. It is safe for concurrent use.
type Holder struct {
	now func() time.Time // the clock by which certificates hold

	mu      sync.Mutex
	current *Credentials
	changed chan struct{} // closed and replaced with each change
}

// NewHolder returns one that has c.
func NewHolder(c *Credentials) *Holder { return NewHolderAt(c, time.Now) }

// NewHolderAt is NewHolder with a clock, by which certificates of others hold or don't.
func NewHolderAt(c *Credentials, now func() time.Time) *Holder {
	return &Holder{now: now, current: c, changed: make(chan struct{})}
}

// Now is the holder's time.
func (h *Holder) Now() time.Time { return h.now() }

// Current are the credentials of now.
func (h *Holder) Current() *Credentials {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.current
}

// Watch returns them with a channel that is closed when they are replaced.
func (h *Holder) Watch() (*Credentials, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.current, h.changed
}

// Renew takes a new certificate for the same key, and Revoke a newer list; they return what holds from then on.
func (h *Holder) Renew(cert *x509.Certificate) *Credentials {
	return h.update(func(c *Credentials) *Credentials { return c.WithCertificate(cert) })
}

// Revoke is told of by Renew. An older list changes nothing.
func (h *Holder) Revoke(r *Revocations) *Credentials {
	return h.update(func(c *Credentials) *Credentials { return c.WithRevocations(r) })
}

func (h *Holder) update(next func(*Credentials) *Credentials) *Credentials {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c := next(h.current); c != h.current {
		h.current = c
		close(h.changed)
		h.changed = make(chan struct{})
	}
	return h.current
}
