package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"sloth-runner/internal/fault"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	for _, id := range []string{olderID, testID, newerID, "20261123-151122-abd11"} {
		record(t, dir, id, nil)
	}
	for _, test := range []struct{ word, id, err, hint string }{
		{word: testID, id: testID},
		{word: "last", id: newerID},
		{word: "latest", id: newerID},
		{word: "20261124", id: newerID},
		{word: "2026112", err: `4 runs begin with "2026112"`, hint: "did you mean " + newerID + " or " + testID + " or 20261123-151122-abd11?"},
		{word: "k3", id: testID},
		{word: "abc", id: olderID},
		{word: "ab", err: `2 runs begin with "ab"`, hint: "did you mean 20261123-151122-abd11 or " + olderID + "?"},
		{word: "k3f8x", err: `no run "k3f8x"`, hint: "did you mean " + testID + "?; `sloth-runner runs list` shows all"},
		{word: "20261123-151122-k3f9y", err: `no run "20261123-151122-k3f9y"`, hint: "did you mean " + testID + "?; `sloth-runner runs list` shows all"},
		{word: "nothing-like-it", err: `no run "nothing-like-it"`, hint: "`sloth-runner runs list` shows all"},
		{word: "", err: `no run ""`, hint: "`sloth-runner runs list` shows all"},
		{word: "../" + testID, err: `no run "../` + testID + `"`, hint: "did you mean " + testID + "?; `sloth-runner runs list` shows all"},
		{word: testID + "/hosts", err: `no run "` + testID + `/hosts"`, hint: "`sloth-runner runs list` shows all"},
		{word: "\x1b[2J", err: `no run "\x1b[2J"`, hint: "`sloth-runner runs list` shows all"},
	} {
		run, err := Open(dir, test.word)
		switch {
		case test.err == "" && err != nil:
			t.Errorf("Open(%q): %v", test.word, err)
		case test.err == "" && run.ID() != test.id:
			t.Errorf("Open(%q) = %s, want %s", test.word, run.ID(), test.id)
		case test.err != "" && (err == nil || err.Error() != test.err || fault.Hint(err) != test.hint):
			t.Errorf("Open(%q): error %v, hint %q; want %s, hint %q", test.word, err, fault.Hint(err), test.err, test.hint)
		case strings.HasPrefix(test.err, "no run") && !errors.Is(err, fs.ErrNotExist):
			t.Errorf("Open(%q): error is not fs.ErrNotExist", test.word)
		}
	}
}

func TestOpenWithoutRuns(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs")
	if _, err := Open(dir, "last"); !errors.Is(err, fs.ErrNotExist) || fault.Hint(err) == "" {
		t.Errorf("error = %v", err)
	}
}

// What is no regular file in a record is not read: a pipe would never end, a link may lead anywhere.
func TestOpenReadsOnlyFilesOfTheRecord(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := writeEvents(t, dir, testID, nil)
	for _, link := range []string{filepath.Join(run.dir, summaryFile), filepath.Join(run.dir, hostsDir, "web-1.log")} {
		if err := os.Symlink(secret, link); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := run.Log("web-1"); err == nil {
		t.Error("a log that is a link was opened")
	}
	if err := syscall.Mkfifo(filepath.Join(run.dir, hostsDir, "web-2.log"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := run.Log("web-2"); err == nil {
		t.Error("a log that is a pipe was opened")
	}
	if entry := onlyEntry(t, dir); entry.Status != CutOff {
		t.Errorf("entry = %+v", entry)
	}
	if err := os.Remove(filepath.Join(run.dir, eventsFile)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(run.dir, eventsFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := collect(run); err == nil {
		t.Error("events that are a link were read")
	}
	if _, err := Open(dir, testID); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open: error = %v", err)
	}
}
