package sshclient

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"sloth-runner/internal/secret"
)

// enoughRefusals is after how many hosts a password that nobody has accepted counts as wrong. One host may be the odd
// one; but where the account is the same on all of them, as in a directory, each refusal is one of the few that lock
// it.
const enoughRefusals = 2

// passwords keeps a wrong password from being tried on every host. A password of a user is tried on one host at a
// time until one accepts it, and from then on by all at once; after enoughRefusals it is not tried any more. No host
// gets it twice. The zero value is ready; safe for concurrent use.
type passwords struct {
	mu     sync.Mutex
	trials map[credential]*trial
}

// credential is what a server checks. It is never printed.
type credential struct{ user, password string }

// trial is what came of a password so far.
type trial struct {
	accepted  bool
	refusedBy []string
	// free holds a token while no host tries the password. Nobody waits for it once the password was accepted, or
	// is given up; settled is closed then.
	free    chan struct{}
	settled chan struct{}
}

// verdict is what a host said to a password.
type verdict int

const (
	unheard verdict = iota // the connection ended before, or something else was wrong
	accepted
	refused
)

func credentialOf(user string, password secret.Text) credential {
	return credential{user, password.Reveal()}
}

func (p *passwords) trial(c credential) *trial {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.trials == nil {
		p.trials = map[credential]*trial{}
	}
	t := p.trials[c]
	if t == nil {
		t = &trial{free: make(chan struct{}, 1), settled: make(chan struct{})}
		t.free <- struct{}{}
		p.trials[c] = t
	}
	return t
}

// enter waits until a host may get the password; the error says why it must not. Without an error, leave is to be
// called.
func (p *passwords) enter(ctx context.Context, c credential, host string) error {
	t := p.trial(c)
	select {
	case <-t.free:
	case <-t.settled:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	switch {
	case slices.Contains(t.refusedBy, host):
		err = fmt.Errorf("the password was refused before")
	case !t.accepted && len(t.refusedBy) >= enoughRefusals:
		err = fmt.Errorf("the password was not tried: %s have refused it, and more refusals may lock the account", strings.Join(t.refusedBy, " and "))
	}
	if err != nil {
		t.release()
	}
	return err
}

// leave tells what the host said.
func (p *passwords) leave(c credential, host string, said verdict) {
	t := p.trial(c)
	p.mu.Lock()
	defer p.mu.Unlock()
	before := t.isSettled()
	switch said {
	case accepted:
		t.accepted = true
	case refused:
		t.refusedBy = append(t.refusedBy, host)
	}
	if !before && t.isSettled() {
		close(t.settled)
	}
	t.release()
}

func (t *trial) isSettled() bool { return t.accepted || len(t.refusedBy) >= enoughRefusals }

// release lets the next one in. The lock of the passwords is held.
func (t *trial) release() {
	select {
	case t.free <- struct{}{}:
	default: // it was not taken: the trial is settled
	}
}
