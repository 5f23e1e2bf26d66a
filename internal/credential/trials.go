package credential

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxRefusals is how many hosts may refuse a password that no host has accepted. One host may have another password than the
// rest; three refusals lock an account in common settings.
const maxRefusals = 2

// Trials are the credentials of a run, and what hosts said to them. The zero value is ready to use. Safe for concurrent use.
type Trials struct {
	mu    sync.Mutex
	known map[Key]*trial
	keyed
}

// Verdict is what a host said to a credential.
type Verdict int

const (
	// Unknown says nothing about the credential: the connection ended, or something else was wrong.
	Unknown Verdict = iota
	Accepted
	Refused
)

var errAgain = errors.New("the password was refused before")

// NotTried is the error for a credential that was refused by too many other hosts.
type NotTried struct{ RefusedBy []string }

// Error implements error.
func (e *NotTried) Error() string {
	return fmt.Sprintf("the password was not tried: %s have refused it, and more refusals may lock the account", strings.Join(e.RefusedBy, " and "))
}

// Enter waits until the host may try the credential, or ctx ends. Without an error, the caller must call Leave. The error says
// why the host must not try it.
func (t *Trials) Enter(ctx context.Context, key Key, host string) error {
	for {
		changed, wait, err := t.enter(key, host)
		if err != nil || wait <= 0 {
			return err
		}
		limit := time.NewTimer(wait)
		select {
		case <-changed:
		case <-limit.C:
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		limit.Stop()
		if err != nil {
			return err
		}
	}
}

// enter returns how long the host has to wait, unless changed is closed before; 0: it may try the credential now.
func (t *Trials) enter(key Key, host string) (changed <-chan struct{}, wait time.Duration, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	trial := t.trial(key)
	switch {
	case slices.Contains(trial.refusedBy, host):
		return nil, 0, errAgain
	case trial.accepted:
		return nil, 0, nil
	case len(trial.refusedBy) >= maxRefusals:
		return nil, 0, &NotTried{slices.Clone(trial.refusedBy)}
	}
	now := time.Now()
	if wait := trial.wait(now); wait > 0 {
		return trial.changed, wait, nil
	}
	trial.tries[host] = now
	return nil, 0, nil
}

// Leave records what the host said to the credential.
func (t *Trials) Leave(key Key, host string, said Verdict) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trial(key).leave(host, said, time.Now())
}

// trial returns the trial of a credential. t.mu is held.
func (t *Trials) trial(key Key) *trial {
	if t.known == nil {
		t.known = map[Key]*trial{}
	}
	if t.known[key] == nil {
		t.known[key] = &trial{tries: map[string]time.Time{}, changed: make(chan struct{})}
	}
	return t.known[key]
}
