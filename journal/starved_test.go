package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"sloth-runner/proto"
)

// writeWithSmallFiles writes a run on a disk that is full for a while: no file may be larger than 20 kB.
func writeWithSmallFiles(dir string) error {
	signal.Ignore(syscall.SIGXFSZ) // else it ends the process instead of the write
	r, err := Create(dir, testID)
	if err != nil {
		return err
	}
	r.Event(at(0, "", started(testID, "web-1")))
	restore, err := limit(syscall.RLIMIT_FSIZE, func(l *syscall.Rlimit) { l.Cur = 20_000 })
	if err != nil {
		return err
	}
	for i := range 10 {
		r.Event(at(1, "web-1", output(starvedLine(i))))
	}
	if r.Err() == nil {
		return errors.New("nothing went wrong")
	}
	if events, err := os.ReadFile(filepath.Join(dir, testID, eventsFile)); err != nil || !bytes.HasSuffix(events, []byte("\n")) {
		return fmt.Errorf("half a line was left, error %w", err)
	}
	if err := restore(); err != nil {
		return err
	}
	r.Event(at(2, "web-1", output("room again\n")))
	r.Event(at(3, "web-1", hostFinished(&proto.HostFinished{State: proto.HostFinished_SUCCESS})))
	r.Event(at(4, "", finished(0)))
	if err := r.Close(); !errors.Is(err, syscall.EFBIG) || err != r.Err() {
		return fmt.Errorf("Close = %v, Err = %v", err, r.Err())
	}
	return nil
}

func starvedLine(i int) string { return fmt.Sprintf("%d %s\n", i, strings.Repeat("x", 5000)) }

// limit lowers a limit of this process. The type of its numbers is the system's.
func limit(resource int, lower func(*syscall.Rlimit)) (restore func() error, err error) {
	var old syscall.Rlimit
	if err := syscall.Getrlimit(resource, &old); err != nil {
		return nil, err
	}
	low := old
	lower(&low)
	return func() error { return syscall.Setrlimit(resource, &old) }, syscall.Setrlimit(resource, &low)
}

// A full disk stops neither the run nor the rest of the record, which says what it lacks.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if text, err := process(t, "full", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	run := open(t, dir, testID)
	events, err := collect(run)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, e := range events {
		switch {
		case e.GetOutput() != nil:
			kinds = append(kinds, string(e.GetOutput().Written()[0]))
		case e.GetNotice() != nil:
			kinds = append(kinds, e.GetNotice().GetText())
		case e.GetRunFinished() != nil:
			kinds = append(kinds, "end")
		}
	}
	want := "0 1 2 the record lacks events here that could not be written: 7 r end"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("events = %s, want %s", got, want)
	}
	wantLog := starvedLine(0) + starvedLine(1) + starvedLine(2) +
		fmt.Sprintf("# the log lacks bytes here that could not be written: %d\n", 7*len(starvedLine(0))) + "room again\n"
	if log := hostLogOf(t, run, "web-1"); !strings.HasPrefix(log, wantLog) {
		t.Errorf("log of %d bytes: ...%q", len(log), log[len(starvedLine(0))*3:])
	}
	if entry := onlyEntry(t, dir); entry.Status != Finished {
		t.Errorf("entry = %+v", entry)
	}
}

// writeWithFewDescriptors writes a run while connections take nearly all descriptors.
func writeWithFewDescriptors(dir string) error {
	r, err := Create(dir, testID)
	if err != nil {
		return err
	}
	var names []string
	for i := range maxOpenLogs {
		names = append(names, fmt.Sprintf("host-%d", i))
	}
	r.Event(at(0, "", started(testID, names...)))
	if _, err := limit(syscall.RLIMIT_NOFILE, func(l *syscall.Rlimit) { l.Cur = 20 }); err != nil {
		return err
	}
	for round := range 3 {
		for _, name := range names {
			r.Event(at(round, name, output(fmt.Sprintln(round))))
		}
	}
	return r.Close()
}

func TestFewDescriptors(t *testing.T) {
	dir := t.TempDir()
	if text, err := process(t, "descriptors", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	run := open(t, dir, testID)
	hosts, err := run.Hosts()
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range hosts {
		if log := hostLogOf(t, run, host); log != "0\n1\n2\n" {
			t.Errorf("log of %s = %q", host, log)
		}
	}
}
