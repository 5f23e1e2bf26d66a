package abandon

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var errLimit = errors.New("timed out after 3s")

// waiting is a call that returns when the channel is closed.
func waiting(path string, come <-chan struct{}, release func(string, error)) Work[string] {
	return Work[string]{
		Call:    Call{Name: "io.open", Path: path},
		Do:      func() (string, error) { <-come; return "value", nil },
		Release: release,
	}
}

func TestResultOfACall(t *testing.T) {
	t.Parallel()
	come := make(chan struct{})
	close(come)
	value, err := Do(t.Context(), NewCaller(new(Calls)), waiting("/f", come, func(string, error) { t.Error("released") }))
	if value != "value" || err != nil {
		t.Errorf("%q, %v", value, err)
	}
	failed := errors.New("no such file")
	if _, err := Do(t.Context(), nil, Work[int]{Do: func() (int, error) { return 0, failed }}); err != failed {
		t.Errorf("%v", err)
	}
}

// TestAbandon checks that a call is abandoned after its grace time, counted and named, and released when it returns.
func TestAbandon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls, changes := new(Calls), 0
		calls.OnChange(func() { changes++ })
		caller := NewCaller(calls)
		ctx, stop := context.WithTimeoutCause(t.Context(), 3*time.Second, errLimit)
		defer stop()
		come, released := make(chan struct{}), make(chan string, 1)
		began := time.Now()
		value, err := Do(ctx, caller, waiting("/mnt/f", come, func(value string, _ error) { released <- value }))
		if took := time.Since(began); took != 3*time.Second+Grace {
			t.Errorf("left after %v", took)
		}
		if _, ok := errors.AsType[Left](err); !ok || !errors.Is(err, errLimit) || value != "" {
			t.Errorf("%q, %v", value, err)
		}
		want := "io.open of /mnt/f still waits in the system, as for a disk or file system that does not answer, or the other end of a FIFO"
		if left := caller.TakeLeft(); left != want {
			t.Errorf("left: %s", left)
		}
		if again := caller.TakeLeft(); again != "" || calls.Abandoned() != 1 || changes != 1 {
			t.Errorf("again: %q; %d abandoned, %d changes", again, calls.Abandoned(), changes)
		}
		close(come)
		if value := <-released; value != "value" {
			t.Errorf("released %q", value)
		}
		synctest.Wait()
		if calls.Abandoned() != 0 || changes != 2 {
			t.Errorf("%d abandoned after it came back, %d changes", calls.Abandoned(), changes)
		}
	})
}

// TestCallThatEndsWithItsContext checks that a call is not abandoned when it can be interrupted or returns within its
// grace time.
func TestCallThatEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		caller := NewCaller(new(Calls))
		ctx, stop := context.WithTimeoutCause(t.Context(), time.Second, errLimit)
		defer stop()
		come, released := make(chan struct{}), false
		work := waiting("/f", come, func(string, error) { released = true })
		work.Interrupt = func() { close(come) }
		if _, err := Do(ctx, caller, work); !errors.Is(err, errLimit) || !released || caller.TakeLeft() != "" {
			t.Errorf("%v; released: %v", err, released)
		}
	})
}

// TestTooManyAbandoned checks that no call is made beyond the limit, that the error says why, and that a call may be
// made again when another has returned.
func TestTooManyAbandoned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := new(Calls)
		caller := NewCaller(calls)
		ended, stop := context.WithCancel(t.Context())
		stop()
		first, rest := make(chan struct{}), make(chan struct{})
		for i := range limit {
			come := rest
			if i == 0 {
				come = first
			}
			if _, err := Do(ended, caller, waiting("/mnt/f", come, nil)); !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		if left := caller.TakeLeft(); strings.Count(left, "io.open") != maxLeft || !strings.Contains(left, ", others still wait in the system") {
			t.Errorf("left: %s", left)
		}
		_, err := Do(t.Context(), caller, waiting("/f", first, nil))
		if many, ok := errors.AsType[TooMany](err); !ok || !strings.Contains(err.Error(), "io.open of /f is refused: 100 calls") {
			t.Errorf("%v, %+v", err, many)
		}
		close(first)
		synctest.Wait()
		if value, err := Do(t.Context(), caller, waiting("/f", first, nil)); value != "value" || err != nil {
			t.Errorf("with room: %q, %v", value, err)
		}
		close(rest)
	})
}

// TestRealCall checks that open(2) of a FIFO without a writer is abandoned, and that the file is closed when a writer
// opens it.
func TestRealCall(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	calls := new(Calls)
	ctx, stop := context.WithCancelCause(t.Context())
	stop(errLimit)
	closed := make(chan error, 1)
	_, err := Do(ctx, NewCaller(calls), Work[*os.File]{
		Call:    Call{"io.open", path},
		Do:      func() (*os.File, error) { return os.Open(path) },
		Release: func(file *os.File, err error) { closed <- errors.Join(err, file.Close()) },
	})
	if !errors.Is(err, errLimit) || calls.Abandoned() != 1 {
		t.Fatalf("%v, %d abandoned", err, calls.Abandoned())
	}
	writer, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	select {
	case err := <-closed:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("the file was not closed within a minute")
	}
}

func TestCallNamesAreShort(t *testing.T) {
	t.Parallel()
	text := Call{"io.open", "/" + strings.Repeat("x", 5000) + "/end"}.String()
	if len(text) > 400 || !strings.HasSuffix(text, "/end") {
		t.Errorf("%d bytes: %s", len(text), text)
	}
}
