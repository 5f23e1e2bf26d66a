package trust

import (
	"testing"
	"time"
)

// A certificate that was issued before a cutoff is revoked, also when its number is unknown.
func TestCutoffs(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	noon := time.Now().Add(-time.Hour).Truncate(time.Second)
	before := issue(t, a, Operator, "bob", noon.Add(-time.Second), 24*time.Hour)
	at := issue(t, a, Operator, "bob", noon, 24*time.Hour)
	other := issue(t, a, Operator, "anna", noon.Add(-time.Second), 24*time.Hour)
	sameName := issue(t, a, Agent, "bob", noon.Add(-time.Second), 24*time.Hour)
	master := issue(t, a, Master, "m1", noon.Add(-time.Second), 24*time.Hour)
	bob := Cutoff{Identity: Identity{Role: Operator, Name: "bob"}, Before: noon.Add(900 * time.Millisecond)}
	for _, c := range []struct {
		what    string
		cutoffs []Cutoff
		revoked []*Credentials
		hold    []*Credentials
	}{
		{"nobody", nil, nil, []*Credentials{before, at, other, sameName, master}},
		{"bob", []Cutoff{bob}, []*Credentials{before}, []*Credentials{at, other, sameName, master}},
		{"everybody", []Cutoff{{Before: noon}}, []*Credentials{before, other, sameName}, []*Credentials{at, master}},
	} {
		signed, err := a.Revoke(1, nil, c.cutoffs, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		list, err := ParseRevocations(signed.DER(), a.Certificate())
		if err != nil {
			t.Fatal(err)
		}
		for _, who := range c.revoked {
			if !list.Covers(who.Cert) {
				t.Errorf("%s: %s of %s is not revoked", c.what, who.Identity, IssuedAt(who.Cert))
			}
		}
		for _, who := range c.hold {
			if list.Covers(who.Cert) {
				t.Errorf("%s: %s of %s is revoked", c.what, who.Identity, IssuedAt(who.Cert))
			}
		}
	}
}

// A later list without a revocation that still matters shows that the master has lost data.
func TestLacks(t *testing.T) {
	t.Parallel()
	a, now := newAuthority(t), time.Now()
	eve, bob := issue(t, a, Operator, "eve", now, time.Hour), Identity{Role: Operator, Name: "bob"}
	sign := func(number int64, revoked []Revoked, cutoffs ...Cutoff) *Revocations {
		list, err := a.Revoke(number, revoked, cutoffs, now)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	entry := []Revoked{{Serial: eve.Cert.SerialNumber, At: now}}
	cutoff, later := Cutoff{bob, now.Truncate(time.Second)}, Cutoff{bob, now.Add(time.Hour).Truncate(time.Second)}
	for _, c := range []struct {
		what       string
		list, than *Revocations
		at         time.Time
		want       bool
	}{
		{"nothing than nothing", nil, nil, now, false},
		{"nothing than an entry", nil, sign(1, entry), now, true},
		{"another number", sign(2, entry), sign(1, entry), now, false},
		{"no entry any more", sign(2, nil), sign(1, entry), now, true},
		{"an entry that has been outlived", sign(2, nil), sign(1, entry), now.Add(MaxLife + time.Hour), false},
		{"no cutoff any more", sign(2, entry), sign(1, entry, cutoff), now, true},
		{"an earlier cutoff", sign(2, nil, cutoff), sign(1, nil, later), now, true},
		{"a later cutoff", sign(2, nil, later), sign(1, nil, cutoff), now, false},
	} {
		if got := c.list.Lacks(c.than, c.at); got != c.want {
			t.Errorf("%s: %t, want %t", c.what, got, c.want)
		}
	}
}
