package store

import (
	"testing"
	"time"

	"sloth-runner/tools/testetcd"
)

// The lease of a master that was killed holds for a moment; nobody may take its registry away meanwhile.
func TestLeaseEnds(t *testing.T) {
	t.Parallel()
	s := openEtcd(t, EtcdConfig{Endpoints: testetcd.New(t, 1).Endpoints()})
	lease, err := s.Lease(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, err := s.Lease(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	write := func(l Lease, change LiveChange) {
		t.Helper()
		if _, err := l.Write(t.Context(), []LiveChange{change}); err != nil {
			t.Fatal(err)
		}
	}
	const key = LivePrefix + "agent/web-1"
	write(lease, LiveChange{Key: key, Value: []byte("1"), Claim: true})
	write(other, LiveChange{Key: key, Value: []byte("2")})
	write(other, LiveChange{Key: key})
	if got := scan(t, s, LivePrefix); len(got) != 1 || got[0] != key+"=1" {
		t.Errorf("another lease changed what it had not claimed: %v", got)
	}
	write(other, LiveChange{Key: key, Value: []byte("2"), Claim: true})
	write(lease, LiveChange{Key: key})
	if err := lease.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if got := scan(t, s, LivePrefix); len(got) != 1 || got[0] != key+"=2" {
		t.Errorf("a claim does not count: %v", got)
	}
	select {
	case <-lease.Lost():
	case <-time.After(2 * time.Minute):
		t.Error("a lease that was closed is not lost")
	}
	if err := other.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if got := scan(t, s, LivePrefix); len(got) != 0 {
		t.Errorf("%v outlived its lease", got)
	}
}
