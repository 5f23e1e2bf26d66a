package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sloth-runner/tools/testhost"
)

// TestBench measures a few hosts once, and checks that there is a result for every figure and that no process is left.
// It takes a minute, and tests a tool: `make bench-check` and `make test-full` run it.
func TestBench(t *testing.T) {
	if !testhost.Full() {
		t.Skip("make bench-check runs it")
	}
	bin := filepath.Join(t.TempDir(), "sloth-runner")
	if err := testhost.BuildProgram(bin); err != nil {
		t.Fatal(err)
	}
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	var out strings.Builder
	profiles := t.TempDir()
	b := bench{bin: bin, sizes: []int{1, 2}, rounds: 1, agents: []int{20}, watch: time.Second, profile: profiles, out: &out, log: t.Output()}
	if err := b.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"warm, one task, 1 host", "warm, 20 tasks, 2 hosts", "operator's CPU a host", "100 ms round trip, one task",
		"100 ms round trip, 20 tasks", "operator's memory", "the agent, resident", "bytes to a cold host", "size of the program",
		"100 MB to 1 host, against scp", "the same again, bytes", "100 MB through a 100 ms round trip", "1,000 files of 1 KB to 2 hosts",
		"100 ms round trip, 1,000 files", "100 MB to 2 hosts, against parallel scp", "the same, operator's memory",
		"Initialization of packages",
		"2 hosts with persistent agents", "a persistent agent that is idle", "the master's CPU, 20 agents that report",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for _, name := range []string{"one-task.pprof", "20-tasks.pprof"} {
		if info, err := os.Stat(filepath.Join(profiles, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

func TestBenchSaysWhatFailed(t *testing.T) {
	var out strings.Builder
	b := bench{bin: filepath.Join(t.TempDir(), "none"), sizes: []int{1}, rounds: 1, out: &out, log: &out}
	if err := b.run(t.Context()); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("error %v", err)
	}
}

func TestContestTakesTurns(t *testing.T) {
	file := filepath.Join(t.TempDir(), "order")
	say := func(word string) program {
		return program{argv: []string{"/bin/sh", "-c", "echo " + word + " >>" + file}}
	}
	results, err := contest(t.Context(), 2, say("a"), say("b"))
	if err != nil || len(results) != 2 || len(results[0]) != 2 {
		t.Fatalf("%v, %v", results, err)
	}
	if order, err := os.ReadFile(file); err != nil || string(order) != "a\nb\na\nb\n" {
		t.Errorf("order %q (%v)", order, err)
	}
	_, err = contest(t.Context(), 1, program{argv: []string{"/bin/sh", "-c", "echo why >&2; exit 3"}})
	if err == nil || !strings.Contains(err.Error(), "why") {
		t.Errorf("error %v", err)
	}
}

// TestTogetherFailsWithOne shows that a peer that fails on one host gives no time.
func TestTogetherFailsWithOne(t *testing.T) {
	good, bad := program{[]string{"sh", "-c", "echo it\\'s", "a b"}, nil}, program{[]string{"sh", "-c", "exit 3"}, nil}
	if _, err := together([]program{good, good}).run(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := together([]program{bad, good}).run(t.Context()); err == nil {
		t.Error("one that fails is not seen")
	}
}

func TestBestAndMedian(t *testing.T) {
	all := turns{{wall: 3 * time.Second}, {wall: time.Second}, {wall: 9 * time.Second}}
	if all.best(wall) != time.Second || all.median(wall) != 3*time.Second {
		t.Errorf("best %v, median %v", all.best(wall), all.median(wall))
	}
}

func TestParseInits(t *testing.T) {
	got := parseInits("init a/b @0.1 ms, 0.25 ms clock, 10 bytes, 2 allocs\nother\ninit c @1 ms, 1.5 ms clock, 0 bytes, 0 allocs\n")
	if len(got) != 2 || got[0] != (initCost{"a/b", 250 * time.Microsecond, 10}) || got[1].took != 1500*time.Microsecond {
		t.Errorf("got %v", got)
	}
}

func TestKilobytes(t *testing.T) {
	status := []byte("VmHWM:\t    2048 kB\nVmRSS:\t 1024 kB\n")
	if n, found := kilobytes(status, "VmRSS"); !found || n != 1<<20 {
		t.Errorf("got %d, %t", n, found)
	}
	if _, found := kilobytes(nil, "VmRSS"); found {
		t.Error("found something in nothing")
	}
}

// The memory of the parent, which a child shares until its exec, is not counted.
func TestPeakIsTheProgramsOwn(t *testing.T) {
	ballast := make([]byte, 200<<20)
	for i := range ballast {
		ballast[i] = 1
	}
	most, err := peak(context.Background(), program{argv: []string{"/bin/sh", "-c", "sleep 0.2"}})
	if err != nil || most == 0 || most > 100<<20 {
		t.Errorf("peak %d (%v) with %d of ballast", most, err, len(ballast))
	}
}
