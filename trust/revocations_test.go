package trust

import (
	"testing"
	"time"
)

func TestRevocations(t *testing.T) {
	t.Parallel()
	a, other := newAuthority(t), newAuthority(t)
	c := issue(t, a, Operator, "eve", time.Now(), time.Hour)
	first, err := a.Revoke(1, nil, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	second, err := a.Revoke(2, []Revoked{{Serial: c.Cert.SerialNumber, At: time.Now()}}, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if first.Has(c.Cert.SerialNumber) || !second.Has(c.Cert.SerialNumber) || (*Revocations)(nil).Has(c.Cert.SerialNumber) {
		t.Error("the wrong list has it")
	}
	h := NewHolder(c)
	_, changed := h.Watch()
	h.Revoke(second)
	select {
	case <-changed:
	default:
		t.Error("nobody who watches hears of it")
	}
	if got := h.Revoke(first); got.Revocations != second {
		t.Error("an older list took the place of a newer one")
	}
	if _, err := ParseRevocations(second.DER(), other.Certificate()); err == nil {
		t.Error("a list of another authority was taken")
	}
	if got, err := ParseRevocations(second.DER(), a.Certificate()); err != nil || !got.Has(c.Cert.SerialNumber) {
		t.Errorf("a list does not come back: %v", err)
	}
}

// Only the authority can make a list.
func FuzzParseRevocations(f *testing.F) {
	a := newAuthority(f)
	good, err := a.Revoke(1, []Revoked{{Serial: a.Certificate().SerialNumber, At: time.Now()}}, nil, time.Now())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good.DER())
	f.Add([]byte{0x30, 0})
	f.Fuzz(func(t *testing.T, der []byte) {
		if list, err := ParseRevocations(der, a.Certificate()); err == nil && string(list.list.RawTBSRevocationList) != string(good.list.RawTBSRevocationList) {
			t.Errorf("a list was taken that nobody signed: %x", der)
		}
	})
}
