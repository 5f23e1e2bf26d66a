package trust

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestDirectory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "own")
	if _, err := LoadCredentials(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("loaded from nothing: %v", err)
	}
	a := newAuthority(t)
	c := issue(t, a, Agent, "web-1", time.Now(), time.Hour)
	if err := errors.Join(a.Save(dir), c.Save(dir)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{".": 0o700, KeyFile: 0o600, authorityKey: 0o600, certificateFile: 0o644} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %04o, want %04o", name, got, want)
		}
	}
	loaded, err := LoadCredentials(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := loaded.Check(time.Now()); err != nil || loaded.Identity != c.Identity {
		t.Errorf("loaded %s: %v", loaded.Identity, err)
	}
	again, err := LoadAuthority(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := issue(t, again, Reader, "bob", time.Now(), time.Hour).Check(time.Now()); err != nil {
		t.Errorf("the loaded authority signs what does not hold: %v", err)
	}
	if err := os.Chmod(filepath.Join(dir, KeyFile), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadCredentials(dir); err == nil || !strings.Contains(err.Error(), "can be read by others (mode 0644)") {
		t.Errorf("a key that others can read was used: %v", err)
	}
}

// Joining another authority works, although the one before has revoked certificates.
func TestOtherAuthority(t *testing.T) {
	t.Parallel()
	dir, a, b := t.TempDir(), newAuthority(t), newAuthority(t)
	revocations, err := a.Revoke(1, nil, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := issue(t, a, Operator, "anna", time.Now(), time.Hour).WithRevocations(revocations).Save(dir); err != nil {
		t.Fatal(err)
	}
	if err := issue(t, b, Operator, "anna", time.Now(), time.Hour).Save(dir); err != nil {
		t.Fatal(err)
	}
	loaded, err := LoadCredentials(dir)
	if err != nil {
		t.Fatal(err)
	}
	if loaded.Revocations.DER() != nil {
		t.Error("the revocations of the other authority are kept")
	}
}

func TestAuthority(t *testing.T) {
	t.Parallel()
	a, now := newAuthority(t), time.Now()
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	request, err := Request(key)
	if err != nil {
		t.Fatal(err)
	}
	forged := append([]byte{}, request...)
	forged[len(forged)-1] ^= 1
	good := Identity{Role: Agent, Name: "web-1"}
	for what, c := range map[string]struct {
		request []byte
		id      Identity
		life    time.Duration
	}{
		"no request":     {[]byte("x"), good, time.Hour},
		"another's key":  {forged, good, time.Hour},
		"no role":        {request, Identity{Role: "root", Name: "web-1"}, time.Hour},
		"no name":        {request, Identity{Role: Agent, Name: "../web"}, time.Hour},
		"for ever":       {request, good, MaxLife + 1},
		"for no time":    {request, good, 0},
		"for the past":   {request, good, -time.Hour},
		"administrators": {request, Identity{Role: "administrator", Name: "x"}, time.Hour},
	} {
		if _, err := a.Issue(c.request, c.id, c.life, now); err == nil {
			t.Errorf("%s: issued", what)
		}
	}
	c := issue(t, a, Agent, "web-1", now, 3*time.Hour)
	if got := c.RenewAt().Sub(now).Round(time.Minute); got != time.Hour {
		t.Errorf("it is renewed after %s, want an hour", got)
	}
}
