package persistent

import (
	"os"
	"path/filepath"
	"testing"

	"sloth-runner/trust"
)

// The directory of an agent is found by the name that its certificate has, and by the one that it was set up with.
func TestFindState(t *testing.T) {
	base := t.TempDir()
	getenv := func(name string) string {
		return map[string]string{RootVar: base, "XDG_STATE_HOME": base}[name]
	}
	authority := newTestAuthority(t)
	dirOf := func(name string) string {
		dir, err := StateDir(name, getenv)
		if err != nil {
			t.Fatal(err)
		}
		return dir
	}
	save := func(dir, name string) {
		key, id := newTestKey(t), trust.Identity{Role: trust.Agent, Name: name}
		c := &trust.Credentials{Identity: id, Key: key, Cert: issueTest(t, authority, key, id), Authority: authority.Certificate()}
		if err := c.Save(dir); err != nil {
			t.Fatal(err)
		}
	}
	save(dirOf("web-1"), "www-1")
	save(dirOf("db-1"), "db-1")
	if err := os.MkdirAll(dirOf("empty"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"www-1": "web-1", "web-1": "web-1", "db-1": "db-1", "empty": "empty", "new": "new"} {
		dir, err := FindState(name, getenv)
		if err != nil || filepath.Base(dir) != want {
			t.Errorf("%s is in %s, %v", name, dir, err)
		}
	}
	// Two that took each other's names.
	save(dirOf("db-1"), "web-1")
	if dir, err := FindState("web-1", getenv); err != nil || filepath.Base(dir) != "db-1" {
		t.Errorf("web-1 is in %s, %v", dir, err)
	}
}
