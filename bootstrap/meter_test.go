package bootstrap

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// takes measures an upload of which the host takes so many bytes each second, and is heard all the time.
func takes(t *testing.T, perSecond int, piped bool) (place, ended time.Duration, err error) {
	t.Helper()
	const total, limit = 4 << 20, 10 * time.Second
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		ctx, cancel := context.WithCancelCause(t.Context())
		m := newMeter((*Uploads)(nil).pace(ctx), limit, total)
		m.piped.Store(piped)
		var heard atomic.Int64 // since begin
		silence := func() time.Duration { return time.Since(begin) - time.Duration(heard.Load()) }
		watched := make(chan struct{})
		go func() {
			defer close(watched)
			m.watch(ctx, silence, cancel, func() {
				if place == 0 {
					place = time.Since(begin)
				}
			})
		}()
		for sent := 0; sent < total && ctx.Err() == nil; sent += perSecond {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
			heard.Store(int64(time.Since(begin)))
			if perSecond > 0 {
				m.moved(perSecond, sent+perSecond >= total)
			}
		}
		err, ended = context.Cause(ctx), time.Since(begin)
		cancel(nil)
		<-watched
	})
	return place, ended, err
}

// TestUploadHasToProceed: a host that is heard, and takes nothing, is given up; a slow one is not, but lets others in.
func TestUploadHasToProceed(t *testing.T) {
	for _, piped := range []bool{false, true} {
		place, ended, err := takes(t, 0, piped)
		if err == nil || !strings.Contains(err.Error(), "the host took 0 of 4096 kB") || ended > time.Minute {
			t.Errorf("a host that takes nothing: %v after %s", err, ended)
		}
		if place == 0 || place > 15*time.Second {
			t.Errorf("it gave up its place after %s", place)
		}
		place, _, err = takes(t, 2<<10, piped)
		if err != nil || place == 0 || place > 15*time.Second {
			t.Errorf("a slow host: %v; its place: %s", err, place)
		}
		if place, _, err = takes(t, 64<<10, piped); err != nil || place != 0 {
			t.Errorf("a host like others: %v; its place: %s", err, place)
		}
	}
}

// TestRepliesAreCounted: only whole replies are taken for progress.
func TestRepliesAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMeter((*Uploads)(nil).pace(t.Context()), time.Second, 1)
		begin := m.last.Load()
		read := func(text string) {
			t.Helper()
			time.Sleep(time.Second)
			r := &replies{reader: bytes.NewReader([]byte(text)), meter: m}
			if _, err := io.Copy(io.Discard, r); err != nil {
				t.Fatal(err)
			}
		}
		for _, part := range []string{"\x00\x00\x00\x05abcd", "\x00\x00", "\xff\xff\xff\xff more", "\x00\x00\x00\x00"} {
			if read(part); m.last.Load() != begin {
				t.Errorf("%q was taken for a reply", part)
			}
		}
		if read("\x00\x00\x00\x02ab\x00\x00"); m.last.Load() == begin {
			t.Error("a reply was not noticed")
		}
	})
}
