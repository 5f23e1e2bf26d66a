package sloth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sloth-runner/internal/abandon"
)

// countingHost has a caller that counts what is abandoned.
type countingHost struct {
	testHost
	caller *abandon.Caller
}

func (h *countingHost) Caller() *abandon.Caller { return h.caller }

// TestCallsThatDoNotComeBack: Lua code that waits in open(2), here of a FIFO without its other end, ends with its context; what
// it waits in is named, and what comes of it later is closed. The machine runs the next task.
func TestCallsThatDoNotComeBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, body string }{
		{"io.open", `io.open(fifo)`},
		{"io.open", `pcall(io.open, fifo, "w")`},
		{"io.lines", `for line in io.lines(fifo) do end`},
		{"io.input", `coroutine.wrap(function() io.input(fifo) end)()`},
		{"io.output", `io.output(fifo)`},
	} {
		t.Run(c.body, func(t *testing.T) {
			t.Parallel()
			fifo := filepath.Join(t.TempDir(), "fifo")
			if err := syscall.Mkfifo(fifo, 0o600); err != nil {
				t.Fatal(err)
			}
			calls := new(abandon.Calls)
			host := &countingHost{caller: abandon.NewCaller(calls)}
			machine := openTest(t, host, fmt.Sprintf(`fifo = %q TaskDefinitions = { g = { tasks = {
				{ name = "hangs", command = function() global = 5 %s end },
				{ name = "next", command = function() return true, global end } } } }`, fifo, c.body))
			limit := errors.New("timed out after 20ms")
			ctx, stop := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, limit)
			defer stop()
			if result := machine.Run(ctx, "g", "hangs"); result.OK || !errors.Is(result.Err, limit) || result.Message != limit.Error() {
				t.Errorf("result %+v", result)
			}
			if left := host.caller.TakeLeft(); !strings.HasPrefix(left, c.name+" of "+fifo+" still waits") || calls.Abandoned() != 1 {
				t.Errorf("left: %q, %d calls", left, calls.Abandoned())
			}
			if result := machine.Run(t.Context(), "g", "next"); !result.OK || result.Message != "5" {
				t.Errorf("the next task: %+v", result)
			}
			other, err := os.OpenFile(fifo, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			for limit := time.Now().Add(time.Minute); calls.Abandoned() > 0; time.Sleep(time.Millisecond) {
				if time.Now().After(limit) {
					t.Fatal("it has not come back a minute after the FIFO's other end was opened")
				}
			}
			if open := openPaths(t, fifo); open != 1 {
				t.Errorf("the FIFO is open %d times, and once by this test", open)
			}
		})
	}
}

// openPaths is how many descriptors of this process a path has.
func openPaths(t *testing.T, path string) (n int) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if to, err := os.Readlink("/proc/self/fd/" + entry.Name()); err == nil && to == path {
			n++
		}
	}
	return n
}

// TestInterruptedCallsAreNotAbandoned: what waits for the data of a pipe comes back when it has to, and its file is closed.
func TestInterruptedCallsAreNotAbandoned(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`f:read()`, `f:read("*n")`, `for l in f:lines() do end`, `f:write(("x"):rep(1000000))`} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			fifo := filepath.Join(t.TempDir(), "fifo")
			if err := syscall.Mkfifo(fifo, 0o600); err != nil {
				t.Fatal(err)
			}
			calls := new(abandon.Calls)
			host := &countingHost{caller: abandon.NewCaller(calls)}
			machine := openTest(t, host, task(fmt.Sprintf(`local f = io.open(%q, "r+") %s`, fifo, body)))
			limit := errors.New("timed out")
			ctx, stop := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, limit)
			defer stop()
			if result := machine.Run(ctx, "g", "t"); !errors.Is(result.Err, limit) {
				t.Errorf("result %+v", result)
			}
			machine.Close()
			if left := host.caller.TakeLeft(); left != "" || openPaths(t, fifo) != 0 {
				t.Errorf("left: %q, open: %d", left, openPaths(t, fifo))
			}
		})
	}
}

// TestWriteWritesWhatComesBeforeABadArgument, as C's Lua does, though texts are written in one piece.
func TestWriteWritesWhatComesBeforeABadArgument(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	machine := openTest(t, new(testHost), task(fmt.Sprintf(`
		local f = io.open(%q, "w")
		local long = ("y"):rep(100000)
		local ok, why = pcall(f.write, f, "a", 1, long, "b", {}, "never")
		return true, why`, path)))
	result := machine.Run(t.Context(), "g", "t")
	if !strings.Contains(result.Message, "string expected, got table") {
		t.Errorf("result %+v", result)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "a1"+strings.Repeat("y", 100000)+"b" {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}
