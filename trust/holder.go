package trust

import (
	"crypto/x509"
	"sync"
)

// Holder has the credentials that hold now, for connections that outlive them. It is safe for concurrent use.
type Holder struct {
	mu      sync.Mutex
	current *Credentials
	changed chan struct{} // closed and replaced with each change
}

// NewHolder returns one that has c.
func NewHolder(c *Credentials) *Holder {
	return &Holder{current: c, changed: make(chan struct{})}
}

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
