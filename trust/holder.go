package trust

import (
	"crypto/x509"
	"sync"
	"time"
)

// Holder has the current credentials, for connections and servers that outlive them. It is safe for concurrent use.
type Holder struct {
	now func() time.Time // the clock for checking certificates

	mu      sync.Mutex
	current *Credentials
	changed chan struct{} // closed and replaced with each change
}

// NewHolder returns a holder of c.
func NewHolder(c *Credentials) *Holder { return NewHolderAt(c, time.Now) }

// NewHolderAt is NewHolder with a clock for checking certificates.
func NewHolderAt(c *Credentials, now func() time.Time) *Holder {
	return &Holder{now: now, current: c, changed: make(chan struct{})}
}

// Now returns the time of the holder's clock.
func (h *Holder) Now() time.Time { return h.now() }

// Current returns the current credentials.
func (h *Holder) Current() *Credentials {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.current
}

// Watch returns the current credentials, and a channel that is closed when they are replaced.
func (h *Holder) Watch() (*Credentials, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.current, h.changed
}

// Renew replaces the certificate with a new one for the same key. It returns the new credentials.
func (h *Holder) Renew(cert *x509.Certificate) *Credentials {
	return h.update(func(c *Credentials) *Credentials { return c.WithCertificate(cert) })
}

// Revoke replaces the list of revocations with a newer one. It returns the current credentials; an older list changes
// nothing.
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
