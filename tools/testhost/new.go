package testhost

import "testing"

// New starts a host for a test, which ends with it. What the host's log says is shown when the test failed.
func New(t testing.TB, o Options) *Host {
	t.Helper()
	h, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { finish(t, h.Stop, h) })
	return h
}

// NewHosts starts n hosts for a test, which end with it; see NewFleet.
func NewHosts(t testing.TB, n int, o Options) *Fleet {
	t.Helper()
	f, err := NewFleet(t.Context(), n, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { finish(t, f.Stop, f.Hosts...) })
	return f
}

func finish(t testing.TB, stop func() error, hosts ...*Host) {
	if t.Failed() {
		for _, h := range hosts {
			t.Logf("log of %s (%s):\n%s", h.Name, h.Implementation(), h.Log())
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
