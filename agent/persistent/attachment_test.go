package persistent

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What an agent writes about its attachment counts only while it runs.
func TestAttachment(t *testing.T) {
	dir := t.TempDir()
	if err := CheckAttached(dir); !errors.Is(err, errNotBegun) {
		t.Errorf("without an agent: %v", err)
	}
	note, err := openAttachment(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckAttached(dir); !errors.Is(err, ErrNotAttached) {
		t.Errorf("at the start: %v", err)
	}
	if second, err := openAttachment(dir); err == nil {
		t.Error("two agents note the same", second.close())
	}
	problem := "connect to master:50053: connection refused, " + strings.Repeat("again and ", 1000)
	if err := note.write(attachment{Problem: problem}); err != nil {
		t.Fatal(err)
	}
	err = CheckAttached(dir)
	if !errors.Is(err, ErrNotAttached) || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("without a master: %v", err)
	}
	if err := note.write(attachment{Attached: true}); err != nil {
		t.Fatal(err)
	}
	if err := CheckAttached(dir); err != nil {
		t.Errorf("attached: %v", err)
	}
	if err := os.Truncate(filepath.Join(dir, attachmentFile), 3); err != nil {
		t.Fatal(err)
	}
	if err := CheckAttached(dir); !errors.Is(err, errNotBegun) {
		t.Errorf("half written: %v", err)
	}
	if err := errors.Join(note.write(attachment{Attached: true}), note.close()); err != nil {
		t.Fatal(err)
	}
	if err := CheckAttached(dir); !errors.Is(err, errNotBegun) {
		t.Errorf("after the agent's end: %v", err)
	}
}
