package leave

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creack/pty"
)

// A run that was interrupted twice ends soon after that where an output takes nothing, else it may write for a while.
func TestWithin(t *testing.T) {
	for _, test := range []struct {
		name    string
		blocked func(since time.Duration) bool
		want    time.Duration
	}{
		{"blocked", func(time.Duration) bool { return true }, blockedLimit},
		{"slow", func(since time.Duration) bool { return since%(400*time.Millisecond) != 0 }, limit},
		{"free", func(time.Duration) bool { return false }, limit},
		{"blocked after a second", func(since time.Duration) bool { return since > time.Second }, time.Second + blockedLimit},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				time.Sleep(time.Minute) // what blocks before the second signal is patience
				began := time.Now()
				left := make(chan time.Duration, 1)
				stop := Within(ctx, func() bool { return test.blocked(time.Since(began)) }, func() { left <- time.Since(began) })
				cancel()
				if got := <-left; got != test.want {
					t.Errorf("left after %v, want %v", got, test.want)
				}
				stop()
			})
		})
	}
}

// A run that ends by itself is not left.
func TestWithinIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		stop := Within(ctx, func() bool { return true }, func() { t.Error("left") })
		cancel()
		time.Sleep(blockedLimit / 2)
		stop()
		time.Sleep(time.Hour)
	})
}

func TestBlockedPipe(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer write.Close()
	if IsBlocked(write) {
		t.Fatal("an empty pipe is blocked")
	}
	if err := write.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = write.Write(make([]byte, 4096))
	}
	if !IsBlocked(write) {
		t.Error("a full pipe is not blocked")
	}
	read.Close()
	if IsBlocked(write) {
		t.Error("a pipe that is not read any more is blocked: a write to it fails at once")
	}
}

func TestBlockedTerminal(t *testing.T) {
	master, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer terminal.Close()
	if IsBlocked(terminal) {
		t.Fatal("a terminal is blocked")
	}
	const ctrlS, ctrlQ = "\x13", "\x11"
	if _, err := master.WriteString(ctrlS); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "a stopped terminal to be blocked", func() bool { return IsBlocked(terminal) })
	if _, err := master.WriteString(ctrlQ); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "the terminal to go on", func() bool { return !IsBlocked(terminal) })
}

func waitUntil(t *testing.T, what string, is func() bool) {
	t.Helper()
	for began := time.Now(); !is(); time.Sleep(time.Millisecond) {
		if time.Since(began) > time.Minute {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
