package pause

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestDoubling(t *testing.T) {
	t.Parallel()
	pauses := Doubling(time.Second, 5*time.Second)
	for range 2 {
		for _, want := range []time.Duration{1, 2, 4, 5, 5} {
			if got := pauses.NextBackOff(); got != want*time.Second {
				t.Errorf("a pause of %v, want %v", got, want*time.Second)
			}
		}
		pauses.Reset()
	}
}

func TestScattered(t *testing.T) {
	t.Parallel()
	pauses := Scattered(500*time.Millisecond, 30*time.Second)
	for range 3 {
		for longest := 500 * time.Millisecond; longest < time.Hour; longest *= 2 {
			most := min(longest, 30*time.Second)
			if got := pauses.NextBackOff(); got < most/2 || got > most {
				t.Errorf("a pause of %v, want one of %v to %v", got, most/2, most)
			}
		}
		pauses.Reset()
	}
}

func TestPauseEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		passed := func(want time.Duration) {
			t.Helper()
			if got := time.Since(began); got != want {
				t.Errorf("%v have passed, want %v", got, want)
			}
		}
		if !For(t.Context(), time.Minute) {
			t.Error("a pause that passed was ended")
		}
		passed(time.Minute)
		wake := make(chan struct{})
		time.AfterFunc(time.Minute, func() { close(wake) })
		if !Until(t.Context(), time.Hour, wake) {
			t.Error("who was woken is to go on")
		}
		passed(2 * time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if For(ctx, time.Hour) {
			t.Error("a pause went on after its context")
		}
		passed(3 * time.Minute)
	})
}
