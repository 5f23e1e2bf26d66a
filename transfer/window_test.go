package transfer_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sloth-runner/transfer"
)

// line is a link of a rate, in bytes a second, and a delay each way.
type line struct {
	rate  float64
	delay time.Duration

	mu sync.Mutex
	// free is when all that was sent so far has left.
	free time.Time
	// longest is the longest queue that something sent beside would have met.
	longest time.Duration
}

// send returns when a piece of n bytes that is sent now arrives.
func (l *line) send(n int) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.free.Before(now) {
		l.free = now
	}
	l.free = l.free.Add(time.Duration(float64(n) / l.rate * float64(time.Second)))
	l.longest = max(l.longest, l.free.Sub(now))
	return l.free.Add(l.delay)
}

// transmit sends size bytes over the line as fast as a window allows.
func transmit(t *testing.T, l *line, size int) {
	w := transfer.NewWindow()
	type piece struct {
		end     int
		arrives time.Time
	}
	pieces := make(chan piece, 10_000)
	var acknowledging sync.WaitGroup
	acknowledging.Go(func() {
		for p := range pieces {
			time.Sleep(time.Until(p.arrives.Add(l.delay)))
			if err := w.Taken(uint64(p.end)); err != nil {
				t.Error(err)
			}
		}
	})
	for sent := 0; sent < size; {
		n := min(w.Chunk(), size-sent)
		if err := w.Reserve(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		sent += n
		pieces <- piece{sent, l.send(n)}
	}
	close(pieces)
	acknowledging.Wait()
}

// On every line the queue stays below a quarter of a second, and the line is used.
func TestWindowOnLines(t *testing.T) {
	const mbit = 1e6 / 8
	for _, c := range []struct {
		rate  float64
		delay time.Duration
		size  int
		least float64 // of the rate
	}{
		{1 * mbit, time.Millisecond, 2 << 20, 0.9},
		{1 * mbit, 50 * time.Millisecond, 2 << 20, 0.85},
		{1 * mbit, 300 * time.Millisecond, 2 << 20, 0.45},
		{10 * mbit, time.Millisecond, 20 << 20, 0.9},
		{10 * mbit, 50 * time.Millisecond, 20 << 20, 0.85},
		{100 * mbit, time.Millisecond, 100 << 20, 0.9},
		{100 * mbit, 50 * time.Millisecond, 100 << 20, 0.85},
		{240 * mbit, 50 * time.Millisecond, 100 << 20, 0.8},
		{10000 * mbit, 50 * time.Millisecond, 200 << 20, 0.03}, // as much as the largest window has
		{10000 * mbit, 100 * time.Microsecond, 1000 << 20, 0.8},
	} {
		t.Run(fmt.Sprintf("%.0fMbit,%v", c.rate/mbit, c.delay), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &line{rate: c.rate, delay: c.delay}
				began := time.Now()
				transmit(t, l, c.size)
				took := time.Since(began)
				rate := float64(c.size) / took.Seconds()
				t.Logf("%.2f MB/s (%.0f %%), longest queue %v", rate/1e6, rate/c.rate*100, l.longest.Round(time.Millisecond))
				if l.longest > 250*time.Millisecond {
					t.Errorf("something else would have waited for %v", l.longest)
				}
				if rate < c.least*c.rate {
					t.Errorf("%.2f MB/s, want %.2f", rate/1e6, c.least*c.rate/1e6)
				}
			})
		})
	}
}

// A line that becomes slower has a short queue again after a while, and one that becomes faster is used.
func TestWindowFollowsTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &line{rate: 1e6, delay: 20 * time.Millisecond}
		for _, rate := range []float64{1e6, 2e5, 4e6} {
			l.mu.Lock()
			l.rate = rate
			l.mu.Unlock()
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			began := time.Now()
			transmit(t, l, int(20*rate))
			cancel()
			if _, ok := ctx.Deadline(); ok && time.Since(began) > 30*time.Second {
				t.Errorf("%.0f bytes took %v at %.0f bytes a second", 20*rate, time.Since(began), rate)
			}
		}
	})
}

// An end that says it took what was not sent, or less than before, breaks the rules.
func TestWindowRefusesWrongNumbers(t *testing.T) {
	w := transfer.NewWindow()
	if err := w.Reserve(t.Context(), 100); err != nil {
		t.Fatal(err)
	}
	if err := w.Taken(60); err != nil {
		t.Fatal(err)
	}
	for _, total := range []uint64{101, 59, 1 << 63} {
		if err := w.Taken(total); err == nil {
			t.Errorf("it took %d of 100 bytes, after 60", total)
		}
	}
}
