package agent

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The best place for a script is next to a cached agent of this account; next to another program is not a place.
func TestScriptPlaces(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if places := scriptPlaces(filepath.Join(dir, "agent-"+strings.Repeat("0", 64))); places[0] != dir {
		t.Errorf("got %q", places)
	}
	for _, program := range []string{filepath.Join(dir, "sloth-runner"), filepath.Join(dir, "missing", "agent-"+strings.Repeat("0", 64)), ""} {
		if places := scriptPlaces(program); places[0] != os.TempDir() {
			t.Errorf("%q: got %q", program, places)
		}
	}
}

// A script is written where no other account can read it, in the first place where that works.
func TestWriteScript(t *testing.T) {
	t.Parallel()
	missing, good := filepath.Join(t.TempDir(), "missing"), t.TempDir()
	file, err := writeScript([]string{missing, good}, "check.sh", []byte("a\x00b\xff"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil || string(text) != "a\x00b\xff" {
		t.Errorf("got %q, %v", text, err)
	}
	dir := filepath.Dir(file)
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 || filepath.Dir(dir) != good || filepath.Base(file) != "check.sh" {
		t.Errorf("it is %s: %v, %v", file, info.Mode(), err)
	}
}

func TestWriteScriptSaysWhatItTried(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing")
	if _, err := writeScript([]string{missing}, "a", nil); err == nil || err.Error() != "no place for the script; tried "+missing+" (no such file or directory)" {
		t.Error(err)
	}
	if _, err := writeScript([]string{t.TempDir()}, "../a", nil); err == nil || !strings.Contains(err.Error(), "is no name") {
		t.Error(err)
	}
}

// Scripts of a killed agent are removed, but not one that another agent may still run.
func TestSweepScripts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := time.Now()
	for name, age := range map[string]time.Duration{"script-1": 8 * 24 * time.Hour, "script-2": time.Hour, "other": 1000 * time.Hour} {
		path := filepath.Join(dir, name)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(path, "a"), nil, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now, now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	sweep(dir, "agent-x", now)
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 2 {
		t.Errorf("left is %q, %v", left, err)
	}
}
