package runner

import (
	"errors"
	"testing"
	"time"
)

func TestPauses(t *testing.T) {
	now := time.Unix(1e9, 0)
	p := newPauses(func() time.Time { return now })
	lost := errors.New("the host stopped answering")
	for range 10 {
		now = now.Add(pauseTick)
		p.look()
	}
	if length := p.unsaid(); length != 0 || p.wrapCause(lost) != lost {
		t.Errorf("a program that runs had a pause of %v", length)
	}
	now = now.Add(3 * time.Minute)
	want := "the host stopped answering; this program did not run for 3m0s before that"
	if got := p.wrapCause(lost).Error(); got != want {
		t.Errorf("wrapCause = %q, want %q", got, want)
	}
	if length := p.unsaid(); length != 3*time.Minute || p.unsaid() != 0 {
		t.Errorf("unsaid = %v, want 3m once", length)
	}
	for range 40 {
		now = now.Add(pauseTick)
		p.look()
	}
	if p.wrapCause(lost) != lost {
		t.Error("a link that broke long after the pause was explained by it")
	}
}
