package authz

import (
	"crypto/x509"
	"testing"
	"time"

	"sloth-runner/trust"
)

// A caller with a valid certificate is checked again regularly, because the clock may be set.
func TestCallersAreLookedAtAgain(t *testing.T) {
	t.Parallel()
	now := time.Now()
	g := &Authorizer{Holder: trust.NewHolderAt(nil, func() time.Time { return now })}
	for _, c := range []struct {
		holds, want time.Duration
	}{
		{90 * 24 * time.Hour, checkInterval}, {time.Second, time.Second}, {-time.Hour, 100 * time.Millisecond},
	} {
		call := Call{Cert: &x509.Certificate{NotAfter: now.Add(c.holds)}}
		if got := g.untilEnd(call); got != c.want {
			t.Errorf("a certificate that holds for %s is looked at in %s, want %s", c.holds, got, c.want)
		}
	}
}
