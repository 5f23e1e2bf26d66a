package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"sloth-runner/internal/chars"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

// CallTimeout bounds a call that is answered at once.
const CallTimeout = 20 * time.Second

// Masters are the masters of an authority, of which one is used at a time. It is safe for concurrent use, and must be
// closed.
type Masters struct {
	dial   dialer
	holder *trust.Holder // nil: no certificate is shown

	mu        sync.Mutex
	addresses []string // that in use first
	named     []string // those that a person named: masters that say others don't take their place
	link      *link
	shown     *x509.Certificate // on the link
	openings  map[string]*opening
	closed    bool
}

// NewMasters are those at the addresses, host:port, to whom the holder shows its certificate. The holder's authority is the
// only one whose masters it speaks with.
func NewMasters(holder *trust.Holder, addresses []string) *Masters {
	config := func() *tls.Config { return holder.ClientConfig(trust.Identity{Role: trust.Master}) }
	return newMasters(overTLS(config), holder, addresses)
}

func newMasters(dial dialer, holder *trust.Holder, addresses []string) *Masters {
	return &Masters{dial: dial, holder: holder, addresses: slices.Clone(addresses), openings: map[string]*opening{}}
}

// Addresses are all that are known, with the one in use first.
func (m *Masters) Addresses() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.addresses)
}

// Keep makes addresses that a person named stay, whatever masters say.
func (m *Masters) Keep(named []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.named = slices.Clone(named)
	m.addresses = Merge(m.addresses, named)
}

const (
	// maxLearned is how many addresses a master may say that there are. Nobody runs more masters than a handful.
	maxLearned = 64
	// maxAddress is the length in bytes of the longest: a name of DNS, a colon and a port.
	maxAddress = 253 + len(":65535")
)

// usable are the first addresses of those that a master says, without what can be none: they are kept, and tried one by one.
func usable(said []string) []string {
	var addresses []string
	for _, address := range said {
		if len(addresses) == maxLearned {
			break
		}
		if address != "" && len(address) <= maxAddress && !strings.ContainsFunc(address, chars.Misleading) {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

// Learn takes the addresses that a master told, and reports whether there are others than before. A link stays, and what a
// person named.
func (m *Masters) Learn(addresses []string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(addresses) == 0 {
		return false
	}
	var inUse []string
	if m.link != nil { // it stays first, since it works
		inUse = []string{m.link.address}
	}
	next := Merge(inUse, usable(addresses), m.named)
	if slices.Equal(slices.Sorted(slices.Values(next)), slices.Sorted(slices.Values(m.addresses))) {
		return false
	}
	m.addresses = next
	return true
}

// Close gives up the link. It ends with the last call that is under way on it.
func (m *Masters) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.retire()
}

// Do makes a call that is answered at once, to the first master that answers. A call that broke may have been made.
func (m *Masters) Do(ctx context.Context, call func(context.Context, proto.RegistryClient) error) error {
	ctx, cancel := context.WithTimeout(ctx, CallTimeout)
	defer cancel()
	return m.Stream(ctx, call)
}

// Stream is Do for a call that lasts as long as ctx does.
func (m *Masters) Stream(ctx context.Context, call func(context.Context, proto.RegistryClient) error) error {
	addresses := m.Addresses()
	if len(addresses) == 0 {
		return &fault.Error{Stage: fault.Resolve, Err: errors.New("no master is known"), Hint: "name one with --master HOST:PORT"}
	}
	var failures []error
	for i, address := range addresses {
		err := m.try(ctx, address, len(addresses)-i, call)
		if err == nil || !errors.As(err, new(brokenError)) || ctx.Err() != nil {
			return unbroken(err)
		}
		failures = append(failures, unbroken(err))
	}
	return together(failures)
}

// try makes the call to one master. A link that was in use may have broken long ago: then a new one is tried too. left is
// how many masters are left to try, this one included.
func (m *Masters) try(ctx context.Context, address string, left int, call func(context.Context, proto.RegistryClient) error) error {
	for {
		link, fresh, err := m.connectInTime(ctx, address, left)
		if err != nil {
			return brokenError{err}
		}
		err = call(ctx, link.registry())
		m.release(link)
		if err == nil {
			return nil
		}
		if m.holder != nil {
			// A list that can't be read is not the authority's, and changes nothing.
			_ = take(m.holder, authz.RevocationsOf(err))
		}
		wrapped, broken := link.wrap(err)
		if !broken {
			return wrapped
		}
		m.drop(link)
		if fresh || ctx.Err() != nil {
			return brokenError{wrapped}
		}
	}
}

// retire takes the link out of use. Calls that are under way on it go on. The lock is held.
func (m *Masters) retire() {
	if m.link == nil {
		return
	}
	m.link.retired = true
	if m.link.calls == 0 {
		m.link.close()
	}
	m.link = nil
}

// release ends a call.
func (m *Masters) release(l *link) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l.calls--
	if l.retired && l.calls == 0 {
		l.close()
	}
}

// drop closes a link that broke.
func (m *Masters) drop(broken *link) {
	m.mu.Lock()
	defer m.mu.Unlock()
	broken.close()
	if m.link == broken {
		m.link = nil
	}
}

// toFront puts an address that works before the others.
func toFront(addresses []string, address string) {
	if at := slices.Index(addresses, address); at > 0 {
		copy(addresses[1:at+1], addresses[:at])
		addresses[0] = address
	}
}

// brokenError is a failure of the connection, after which another master may be tried.
type brokenError struct{ error }

func unbroken(err error) error {
	if broken, ok := err.(brokenError); ok {
		return broken.error
	}
	return err
}

// together is the failure of all masters. What one says of the caller counts more than that another is not there.
func together(failures []error) error {
	if len(failures) == 1 {
		return failures[0]
	}
	first := failures[0]
	var texts []string
	temporary := true
	for _, err := range failures {
		texts = append(texts, err.Error())
		temporary = temporary && fault.Temporary(err)
		if !fault.Temporary(err) && fault.Temporary(first) {
			first = err
		}
	}
	return &fault.Error{
		Stage: fault.Connect, Hint: fault.Hint(first), Temporary: temporary,
		Err: fmt.Errorf("none of the %d masters answers: %s", len(failures), strings.Join(texts, "; ")),
	}
}
