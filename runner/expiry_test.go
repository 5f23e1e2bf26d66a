package runner

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestLimitsWhileThisProgramIsStopped: the time in which it did not run counts for no limit. What hosts said meanwhile is read.
func TestLimitsWhileThisProgramIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPauses(time.Now)
		reason := errors.New("its limit was 1s")
		l := &limit{due: time.Now().Add(time.Second), grace: stopGrace, cause: reason}
		ctx, giveUp := context.WithCancelCause(t.Context())
		began, lost := time.Now(), p.total()
		waiting := expire(l, began, lost, p, giveUp)
		defer waiting.stop()
		time.Sleep(20 * time.Second) // nothing looks at the clock: it is stopped
		synctest.Wait()
		if ctx.Err() != nil {
			t.Fatalf("given up for a pause: %v", context.Cause(ctx))
		}
		if l.count(began, time.Now(), p.total()-lost, 10); l.passed() || l.waited != 0 {
			t.Errorf("an event that came meanwhile is late: waited %v", l.waited)
		}
		// From here on it runs: the rest of the limit is kept to.
		watching, stop := context.WithCancel(t.Context())
		defer stop()
		go p.watch(watching)
		<-ctx.Done()
		if took := time.Since(began); took < 20*time.Second || took > 40*time.Second || !errors.Is(context.Cause(ctx), reason) {
			t.Errorf("given up after %v: %v", took, context.Cause(ctx))
		}
	})
}

// TestCountOfWaiting: a pause before and after the limit is due.
func TestCountOfWaiting(t *testing.T) {
	t.Parallel()
	start := time.Unix(1e9, 0)
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	l := &limit{due: at(10), grace: stopGrace}
	l.count(at(0), at(35), 30*time.Second, 1)
	if l.waited != 0 || !l.due.Equal(at(40)) {
		t.Errorf("waited %v, due after %v", l.waited, l.due.Sub(start))
	}
	l.count(at(35), at(43), 0, 1)
	l.count(at(43), at(104), 60*time.Second, 1)
	if l.waited != 4*time.Second || l.late != 0 {
		t.Errorf("waited %v, %d bytes late", l.waited, l.late)
	}
}
