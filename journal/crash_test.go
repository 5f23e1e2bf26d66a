package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sloth-runner/proto"
	"sloth-runner/runner/state"
)

// writeEndlessly writes a run that only a signal ends.
func writeEndlessly(dir string) error {
	r, err := Create(dir, testID)
	if err != nil {
		return err
	}
	r.Event(at(0, "", started(testID, "web-1", "web-2")))
	for seq := uint64(1); r.Err() == nil; seq++ {
		for _, host := range []string{"web-1", "web-2"} {
			e := at(1, host, output(endlessLine(seq)))
			e.Seq = seq
			r.Event(e)
		}
	}
	return r.Close()
}

// endlessLine is of a length of its own, so that writes end anywhere in a page.
func endlessLine(seq uint64) string {
	return fmt.Sprintf("line %d %s\n", seq, strings.Repeat("x", int(seq*7919%20000)))
}

// A writer that is killed in the middle of its work leaves a record that is whole up to its last line.
func TestKilledWriter(t *testing.T) {
	for round := range 8 {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			dir := t.TempDir()
			cmd := process(t, "endless", dir)
			cmd.Stderr = os.Stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			kill := func() {
				_ = cmd.Process.Signal(syscall.SIGKILL)
				_ = cmd.Wait()
			}
			t.Cleanup(kill)
			waitForSize(t, filepath.Join(dir, testID, eventsFile), int64(1+round)*300_000)

			if entry := onlyEntry(t, dir); entry.Status != Running {
				t.Errorf("while it is written: %+v", entry)
			}
			if err := Prune(dir, 0, Current{}); err != nil {
				t.Error(err)
			}
			kill()

			if entry := onlyEntry(t, dir); entry.Status != CutOff || entry.Hosts[state.Pending] != 2 {
				t.Errorf("after its end: %+v", entry)
			}
			checkEndless(t, open(t, dir, testID))
			if err := Prune(dir, 0, Current{}); err != nil {
				t.Error(err)
			}
			if entries, err := List(dir); err != nil || len(entries) != 0 {
				t.Errorf("Prune left %v, error %v", entries, err)
			}
		})
	}
}

// checkEndless checks that no event is missing before the last one, and that each log has what the events say, or
// just not the last line.
func checkEndless(t *testing.T, run *Run) {
	t.Helper()
	next := map[string]uint64{}
	want := map[string]*strings.Builder{"web-1": {}, "web-2": {}}
	err := run.Events(func(e *proto.Event) error {
		if e.GetOutput() == nil {
			return nil
		}
		host := e.GetHost()
		next[host]++
		if e.GetSeq() != next[host] {
			return fmt.Errorf("event %d of %s is number %d", next[host], host, e.GetSeq())
		}
		want[host].WriteString(e.GetOutput().Written())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if next["web-1"] == 0 || next["web-1"]-next["web-2"] > 1 {
		t.Errorf("events = %v", next)
	}
	for host, all := range want {
		got := hostLogOf(t, run, host)
		last := endlessLine(next[host])
		if !strings.HasPrefix(all.String(), got) || len(all.String())-len(got) > len(last) {
			t.Errorf("log of %s has %d bytes of %d", host, len(got), all.Len())
		}
	}
}

func waitForSize(t *testing.T, path string, size int64) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(time.Millisecond) {
		if info, err := os.Stat(path); err == nil && info.Size() >= size {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not grow to %d bytes", path, size)
		}
	}
}

func onlyEntry(t *testing.T, dir string) Entry {
	t.Helper()
	entries, err := List(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Fatalf("%d runs, want 1", len(entries))
	}
	return entries[0]
}

// Wherever the record ends, what stands before is read, and no more.
func TestCutAnywhere(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, testID, smallRun(testID))
	whole, err := os.ReadFile(filepath.Join(dir, testID, eventsFile))
	if err != nil {
		t.Fatal(err)
	}
	for size := range len(whole) {
		run := writeEvents(t, t.TempDir(), testID, whole[:size])
		events, err := collect(run)
		if want := strings.Count(string(whole[:size]), "\n"); err != nil || len(events) != want {
			t.Fatalf("cut at byte %d: %d events, error %v; want %d", size, len(events), err, want)
		}
		if entry, err := run.Entry(); err != nil || entry.Status != CutOff {
			t.Fatalf("cut at byte %d: entry %+v, error %v", size, entry, err)
		}
	}
}

// After a power cut a file may end in zeros.
func TestZerosAtTheEnd(t *testing.T) {
	line, err := at(0, "", started(testID, "web-1")).Line()
	if err != nil {
		t.Fatal(err)
	}
	run := writeEvents(t, t.TempDir(), testID, append(line, make([]byte, 5000)...))
	if events, err := collect(run); err != nil || len(events) != 1 {
		t.Errorf("%d events, error %v", len(events), err)
	}
}

func TestDamagedLines(t *testing.T) {
	var lines []string
	for _, e := range smallRun(testID) {
		line, err := e.Line()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	last := len(lines) - 1
	for _, test := range []struct {
		name         string
		text         string
		first, count int
		events       int
	}{
		{"in the middle", lines[0] + "{\"seq\":\n" + lines[last], 2, 1, 2},
		{"twice", "\n" + lines[0] + "null x\n" + lines[last], 1, 2, 2},
		{"too long", lines[0] + strings.Repeat("x", maxLine+1) + "\n" + lines[last], 2, 1, 2},
		{"not JSON", "\x1b[2J\n", 1, 1, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			run := writeEvents(t, dir, testID, []byte(test.text))
			events, err := collect(run)
			var damaged *DamagedError
			if !errors.As(err, &damaged) || damaged.First != test.first || damaged.Count != test.count {
				t.Errorf("error = %v", err)
			}
			if len(events) != test.events {
				t.Errorf("%d events, want %d", len(events), test.events)
			}
			if result, err := run.State(); result == nil || !errors.As(err, &damaged) {
				t.Errorf("Result = %v, %v", result, err)
			}
			if entry := onlyEntry(t, dir); entry.Status != Damaged {
				t.Errorf("entry = %+v", entry)
			}
		})
	}
}
