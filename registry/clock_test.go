package registry

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

// An agent whose clock is ahead, so that each new certificate is due at once, does not renew without end.
func TestRenewalByAClockThatIsAhead(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	ahead := func() time.Time { return time.Now().Add(trust.DefaultLife / 2) }
	holder := trust.NewHolderAt(m.join(t, trust.Agent, "web-1").Current(), ahead)
	var renewed atomic.Int32
	masters := client.NewMasters(holder, []string{m.Address()})
	defer masters.Close()
	renewer := &client.Renewer{
		Masters: masters, Holder: holder, Save: func(*trust.Credentials) error { renewed.Add(1); return nil },
		Failed: func(err error) { t.Error(err) },
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { renewer.Run(ctx); close(done) }()
	waitFor(t, "a new certificate", func() bool { return renewed.Load() > 0 })
	time.Sleep(300 * time.Millisecond)
	stop()
	<-done
	if n := renewed.Load(); n != 1 {
		t.Errorf("it was renewed %d times", n)
	}
}

// A certificate holds by the clock of whoever is shown it: one that is set back or ahead refuses it, with both times, and
// takes it again when it is right.
func TestCertificatesWhenTheClockIsSet(t *testing.T) {
	t.Parallel()
	m := startMaster(t)
	var jump atomic.Int64
	clock := func() time.Time { return time.Now().Add(time.Duration(jump.Load())) }
	operator := trust.NewHolderAt(m.join(t, trust.Operator, "anna").Current(), clock)
	for _, c := range []struct {
		jump time.Duration
		want string
	}{
		{0, ""},
		{4 * time.Minute, ""}, {-4 * time.Minute, ""},
		{400 * 24 * time.Hour, "its certificate has expired on"},
		{-400 * 24 * time.Hour, "it is not valid before|its certificate is not valid yet before"},
		{0, ""},
	} {
		jump.Store(int64(c.jump))
		client := client.New(operator, []string{m.Address()})
		_, err := client.List(t.Context(), 0)
		client.Close()
		text := ""
		if err != nil {
			text = err.Error()
		}
		found := c.want == "" && err == nil
		for want := range strings.SplitSeq(c.want, "|") {
			found = found || c.want != "" && strings.Contains(text, want)
		}
		if !found {
			t.Errorf("a jump of %s: %q, want %q", c.jump, text, c.want)
		}
	}
}
