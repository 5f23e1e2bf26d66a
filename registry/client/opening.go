package client

import (
	"context"
	"crypto/x509"
	"time"
)

// opening is an attempt to open a link. Other callers for the same master wait for it, so that a silent master delays
// many callers no longer than one.
type opening struct {
	done chan struct{}
	// err is the error of the attempt. givenUp says that the context of the caller that made it ended, which says
	// nothing about the master. Both are set when done is closed.
	err     error
	givenUp bool
}

// connect returns the link to a master: the one in use, if it is to this master and with the current certificate. fresh
// says that it was opened for this call.
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

// connectInTime is connect with a part of the time until ctx ends, so that there is time for the other masters when
// this one is silent. left is how many masters are left, including this one.
func (m *Masters) connectInTime(ctx context.Context, address string, left int) (in *link, fresh bool, err error) {
	if end, limited := ctx.Deadline(); limited && left > 1 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(end)/time.Duration(left))
		defer cancel()
	}
	return m.connect(ctx, address)
}

// find returns the link to use, with one more call on it, or the opening to wait for. When mine is set, the caller
// makes the opening.
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

// open makes an opening. Its link is used from then on, with one call on it.
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

// certificate returns the holder's current certificate, or nil.
func (m *Masters) certificate() *x509.Certificate {
	if m.holder == nil {
		return nil
	}
	return m.holder.Current().Cert
}
