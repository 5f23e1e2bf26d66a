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
	"sloth-runner/internal/distinct"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/trust"
	"sloth-runner/trust/authz"
)

// CallTimeout limits a short call.
const CallTimeout = 20 * time.Second

// Masters are the masters of an authority, of which one is used at a time. They are safe for concurrent use, and must
// be closed.
type Masters struct {
	dial   dialer
	holder *trust.Holder // nil when no certificate is shown

	mu        sync.Mutex
	addresses []string // the one in use first
	named     []string // those that the user named, which answers of masters don't replace
	link      *link
	shown     *x509.Certificate // on the link
	openings  map[string]*opening
	closed    bool
}

// NewMasters returns the masters at the addresses, host:port. The holder's certificate is shown to them, and only
// masters of its authority are accepted.
func NewMasters(holder *trust.Holder, addresses []string) *Masters {
	config := func() *tls.Config { return holder.ClientConfig(trust.Identity{Role: trust.Master}) }
	return newMasters(overTLS(config), holder, addresses)
}

func newMasters(dial dialer, holder *trust.Holder, addresses []string) *Masters {
	return &Masters{dial: dial, holder: holder, addresses: slices.Clone(addresses), openings: map[string]*opening{}}
}

// Addresses returns all known addresses, the one in use first.
func (m *Masters) Addresses() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.addresses)
}

// Keep keeps addresses that the user named, whatever masters answer.
func (m *Masters) Keep(named []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.named = slices.Clone(named)
	m.addresses = distinct.Of(m.addresses, named)
}

const (
	// maxLearned limits the addresses that are accepted from a master. Installations have only a few masters.
	maxLearned = 64
	// maxAddress limits the length of an address in bytes: a DNS name, a colon and a port.
	maxAddress = 253 + len(":65535")
)

// usable returns the first valid addresses in a master's answer. They are stored and tried one after the other, so
// their number is limited.
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

// Learn replaces the addresses with those from a master, and reports whether they have changed. The link in use stays,
// and so do the addresses that the user named.
func (m *Masters) Learn(addresses []string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(addresses) == 0 {
		return false
	}
	var inUse []string
	if m.link != nil { // it stays first, because it works
		inUse = []string{m.link.address}
	}
	next := distinct.Of(inUse, usable(addresses), m.named)
	if slices.Equal(slices.Sorted(slices.Values(next)), slices.Sorted(slices.Values(m.addresses))) {
		return false
	}
	m.addresses = next
	return true
}

// Close closes the link. The link ends with the last call on it.
func (m *Masters) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.retire()
}

// Do makes a short call to the first master that answers. A call whose connection broke may have been executed.
func (m *Masters) Do(ctx context.Context, call func(context.Context, proto.RegistryClient) error) error {
	ctx, cancel := context.WithTimeout(ctx, CallTimeout)
	defer cancel()
	return m.Stream(ctx, call)
}

// Stream is Do for a call that lasts until ctx ends.
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

// try makes the call to one master. A link that was in use may have broken before: then a new one is tried too. left is
// how many masters are left to try, including this one.
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
			// A list that can't be parsed was not made by the authority, and changes nothing.
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

// retire stops using the link for new calls. Calls in progress continue. The lock is held.
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

// drop closes a broken link.
func (m *Masters) drop(broken *link) {
	m.mu.Lock()
	defer m.mu.Unlock()
	broken.close()
	if m.link == broken {
		m.link = nil
	}
}

// toFront moves an address that works to the front.
func toFront(addresses []string, address string) {
	if at := slices.Index(addresses, address); at > 0 {
		copy(addresses[1:at+1], addresses[:at])
		addresses[0] = address
	}
}

// brokenError is an error of the connection, after which another master may be tried.
type brokenError struct{ error }

func unbroken(err error) error {
	if broken, ok := err.(brokenError); ok {
		return broken.error
	}
	return err
}

// together returns the error of all masters. A refusal of the caller is preferred to a master that is not reachable.
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
