package credential

import (
	"slices"
	"time"
)

const (
	// tryLimit is how long the other hosts wait for the first one that tries a password. It is longer than the limit of an
	// agent that asks for the password of sudo.
	tryLimit = 30 * time.Second
	// hangs is how long the others wait once a try has ended without a verdict. A wrong password takes two or three
	// seconds.
	hangs = 5 * time.Second
)

// trial is what is known of one credential. When no verdict comes in time, another host tries it too, and the number of tries
// doubles each time: all of them may hang, as where a second factor is asked for.
type trial struct {
	// tries are the hosts that try it now, with their start. refusedBy are the hosts that refused it.
	tries     map[string]time.Time
	refusedBy []string
	accepted  bool
	// undecided is the number of tries that took long and ended without a verdict.
	undecided int
	// changed is closed and replaced whenever one of the other fields changes.
	changed chan struct{}
}

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
	// A refusal is a verdict: fewer hosts at a time are enough from then on.
	if waiting <= max(0, t.undecided+hanging-len(t.refusedBy)) {
		return 0
	}
	return next
}

// leave records the result of a host's try. Unknown says nothing about the password, but counts where it took long.
func (t *trial) leave(host string, said Verdict, now time.Time) {
	since, tried := t.tries[host]
	delete(t.tries, host)
	switch {
	case said == Accepted:
		t.accepted = true
	case said == Refused && !slices.Contains(t.refusedBy, host):
		t.refusedBy = append(t.refusedBy, host)
	case said == Unknown && tried && now.Sub(since) >= hangs:
		t.undecided++
	}
	close(t.changed)
	t.changed = make(chan struct{})
}
