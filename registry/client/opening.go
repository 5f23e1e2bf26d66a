package client

import (
	"context"
	"crypto/x509"
	"time"
)

// opening is an attempt to open a link. All who want one to that master meanwhile wait for it, so that a master which
// doesn't answer costs many callers no more than one.
type opening struct {
	done chan struct{}
	// err is why it failed, and given up says that whoever made it was called back, which is no news of the master. Both
	// are set when done is closed.
	err     error
	givenUp bool
}

// connect returns the link to a master: the one in use, where it is to that one and with the certificate of now. fresh
// tells that it was opened for this call.
func (m *Masters) connect(ctx context.Context, address string) (in *link, fresh bool, err error) {
	for {
		in, o, mine := m.find(address)
		if in != nil {
			return in, fresh, nil
		}
		if mine {
			in, err := m.open(ctx, address, o)
			return in, true, err
		}
		select {
		case <-o.done:
		case <-ctx.Done():
			return nil, false, failedToConnect(address, ctx.Err())
		}
		if o.err != nil && !o.givenUp {
			return nil, false, o.err
		}
		fresh = true
	}
}

// connectInTime is connect with a share of the time that there is until ctx ends: one that is silent leaves time to try those
// that are left, of which it is the first.
func (m *Masters) connectInTime(ctx context.Context, address string, left int) (in *link, fresh bool, err error) {
	if end, limited := ctx.Deadline(); limited && left > 1 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(end)/time.Duration(left))
		defer cancel()
	}
	return m.connect(ctx, address)
}

// find returns the link to use, with one more call on it; or the opening to wait for, or to make if it is mine.
func (m *Masters) find(address string) (in *link, o *opening, mine bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.link != nil && m.link.address == address && m.shown == m.certificate() {
		m.link.calls++
		return m.link, nil, false
	}
	if o := m.openings[address]; o != nil {
		return nil, o, false
	}
	o = &opening{done: make(chan struct{})}
	m.openings[address] = o
	return nil, o, true
}

// open makes an opening. What it opens is the link in use from then on, with one call on it.
func (m *Masters) open(ctx context.Context, address string, o *opening) (*link, error) {
	cert := m.certificate()
	next, err := m.newLink(ctx, address)
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.openings, address)
	o.err, o.givenUp = err, ctx.Err() != nil
	close(o.done)
	if err != nil {
		return nil, err
	}
	next.calls++
	m.retire()
	if m.closed {
		next.retired = true
		return next, nil
	}
	m.link, m.shown = next, cert
	toFront(m.addresses, address)
	return next, nil
}

func (m *Masters) newLink(ctx context.Context, address string) (*link, error) {
	conn, err := m.dial(ctx, address)
	if err != nil {
		return nil, err
	}
	return newLink(address, conn)
}

// certificate is what the holder shows now; nil: none.
func (m *Masters) certificate() *x509.Certificate {
	if m.holder == nil {
		return nil
	}
	return m.holder.Current().Cert
}
