package journal

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"sloth-runner/proto"
)

// writeAndPrune makes runs as others do at the same time, and keeps two.
func writeAndPrune(dir string) error {
	for range 25 {
		id := NewID(time.Now())
		r, err := Create(dir, id)
		if err != nil {
			return err
		}
		if err := Prune(dir, 2, Current{}); err != nil {
			return err
		}
		events := smallRun(id)
		for _, e := range events {
			r.Event(e)
		}
		if _, err := os.Stat(filepath.Join(dir, id, hostsDir, "web-1.log")); err != nil {
			return fmt.Errorf("removed while it was written: %w", err)
		}
		if got, err := collect(openRun(dir, id)); err != nil || len(got) != len(events) {
			return fmt.Errorf("%d of %d events are left, error %w", len(got), len(events), err)
		}
		if _, err := List(dir); err != nil {
			return err
		}
		if err := r.Close(); err != nil {
			return err
		}
	}
	return Prune(dir, 2, Current{})
}

// Runs that begin and end at the same moment do each other no harm, and do not pile up.
func TestRunsAtTheSameTime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs") // which each wants to make
	var commands []*exec.Cmd
	for range 4 {
		cmd := process(t, "prune", dir)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		commands = append(commands, cmd)
	}
	for _, cmd := range commands {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	if err := Prune(dir, 2, Current{}); err != nil {
		t.Error(err)
	}
	if left := remaining(t, dir); len(left) != 2 {
		t.Errorf("left: %v", left)
	}
}

// A reader sees each event as soon as it is written.
func TestReadWhileWritten(t *testing.T) {
	dir := t.TempDir()
	r, err := Create(dir, testID)
	if err != nil {
		t.Fatal(err)
	}
	run := open(t, dir, testID)
	logs := 0
	for i, e := range smallRun(testID) {
		r.Event(e)
		events, err := collect(run)
		if err != nil || len(events) != i+1 {
			t.Fatalf("%d events after the first %d, error %v", len(events), i+1, err)
		}
		if e.GetHost() == "web-1" {
			log := len(hostLogOf(t, run, "web-1"))
			if log <= logs {
				t.Errorf("the log has not grown by %v", e)
			}
			logs = log
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

// A DamagedError does not end Events early, but the caller may.
func TestEventsEndWithTheCaller(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, testID, smallRun(testID))
	calls := 0
	err := open(t, dir, testID).Events(func(*proto.Event) error {
		calls++
		return os.ErrDeadlineExceeded
	})
	if err != os.ErrDeadlineExceeded || calls != 1 {
		t.Errorf("%d calls, error %v", calls, err)
	}
}
