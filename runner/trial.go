package runner

import (
	"sync"
	"time"

	"sloth-runner/internal/secret"
	"sloth-runner/inventory"
	"sloth-runner/proto"
)

const (
	// tryLimit is how long the other hosts wait for the first one that tries a password. It is longer than the agent's
	// own limit.
	tryLimit = 30 * time.Second
	// hangs is how long the others wait once a try has ended without a verdict. A wrong password takes two or three
	// seconds.
	hangs = 5 * time.Second
)

// trials prevent that a wrong password is tried on host after host, which locks accounts. One host tries it first; the
// others wait until it was accepted once. When no verdict comes in time, another host tries too, and the number of tries
// doubles each time, because all of them may hang, as where a second factor is asked for. Safe for concurrent use.
type trials struct {
	mu    sync.Mutex
	known map[credential]*trial
}

// credential is a password of an account. sudo and doas ask for the password of the login user, su for that of the target
// user.
type credential struct{ password, account string }

// trial is what is known of one credential.
type trial struct {
	// tries are the hosts that try it now, with their start. refusedBy is the host that refused it.
	tries     map[string]time.Time
	refusedBy string
	accepted  bool
	// undecided is the number of tries that took long and ended without a verdict.
	undecided int
	// changed is closed and replaced whenever one of the other fields changes.
	changed chan struct{}
}

func newTrials() *trials { return &trials{known: map[credential]*trial{}} }

func credentialOf(target *inventory.Target, become *proto.Become, password secret.Text) credential {
	account := "login " + target.SSH.User
	if become.GetMethod() == "su" {
		account = "user " + become.GetUser()
	}
	return credential{password.Reveal(), account}
}

// enter waits until the host may try the password, or stop is closed. refusedBy is the host that refused it before; "":
// the host may try it, and must then call leave.
func (t *trials) enter(key credential, host string, stop <-chan struct{}) (refusedBy string, ok bool) {
	for {
		t.mu.Lock()
		trial := t.known[key]
		if trial == nil {
			trial = newTrial()
			t.known[key] = trial
		}
		switch {
		case trial.refusedBy != "":
			refusedBy := trial.refusedBy // another refusal may replace it
			t.mu.Unlock()
			return refusedBy, true
		case trial.accepted:
			t.mu.Unlock()
			return "", true
		}
		wait := trial.wait(time.Now())
		if wait <= 0 {
			trial.tries[host] = time.Now()
			t.mu.Unlock()
			return "", true
		}
		changed, limit := trial.changed, time.NewTimer(wait)
		t.mu.Unlock()
		select {
		case <-changed:
		case <-limit.C:
		case <-stop:
			limit.Stop()
			return "", false
		}
		limit.Stop()
	}
}

func newTrial() *trial { return &trial{tries: map[string]time.Time{}, changed: make(chan struct{})} }

// wait returns how long another host must still wait, at most; 0: it may try now.
func (t *trial) wait(now time.Time) time.Duration {
	limit := tryLimit
	if t.undecided > 0 {
		limit = hangs
	}
	var waiting, hanging int
	next := limit
	for _, since := range t.tries {
		if left := limit - now.Sub(since); left > 0 {
			waiting++
			next = min(next, left)
		} else {
			hanging++
		}
	}
	if waiting <= t.undecided+hanging {
		return 0
	}
	return next
}

// leave records the result of a host's try. UNKNOWN and FAILED say nothing about the password.
func (t *trials) leave(key credential, host string, step proto.BecomeChanged_Step) {
	t.mu.Lock()
	defer t.mu.Unlock()
	trial := t.known[key]
	if trial == nil {
		return
	}
	since, tried := trial.tries[host]
	if !tried && step != proto.BecomeChanged_STARTED && step != proto.BecomeChanged_REFUSED {
		return
	}
	delete(trial.tries, host)
	switch step {
	case proto.BecomeChanged_STARTED:
		trial.accepted = true
	case proto.BecomeChanged_REFUSED:
		if !trial.accepted {
			trial.refusedBy = host
		}
	default:
		if time.Since(since) >= hangs {
			trial.undecided++
		}
	}
	close(trial.changed)
	trial.changed = make(chan struct{})
}
