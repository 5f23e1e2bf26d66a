package view

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScreenBytes(t *testing.T) {
	shown := new(streams)
	c := shown.config()
	s := screen{out: c.Out, err: c.Err}
	wiped := func(n int) string { return "\r" + strings.Repeat(" ", n+behindBar) + "\r" }
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"nothing to flush", s.flush, ""},
		{"lines wait", func() { s.print(s.out, "one", "two"); s.print(s.err, "three") }, ""},
		{"flush writes them in order", s.flush, "one\ntwo\nthree\n"},
		{"bar", func() { s.draw("[==]") }, "[==]"},
		{"same bar", func() { s.draw("[==]") }, ""},
		{"other bar", func() { s.draw("[==>") }, wiped(4) + "[==>"},
		{"nothing to flush leaves the bar", s.flush, ""},
		{"lines push the bar away", func() { s.print(s.out, "four"); s.flush() }, wiped(4) + "four\n"},
		{"bar is drawn again", func() { s.draw("[==>") }, "[==>"},
		{"no bar", func() { s.draw("") }, wiped(4)},
		{"still no bar", func() { s.draw("") }, ""},
	} {
		shown.both.Reset()
		step.do()
		if diff := cmp.Diff(step.want, shown.both.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}

func TestScreenDoesNotQueueWithoutEnd(t *testing.T) {
	s := screen{out: io.Discard, err: io.Discard}
	line := strings.Repeat("x", 1000)
	for range 10_000 {
		s.print(s.out, line)
		if s.queued >= mostQueued {
			t.Fatalf("%d bytes wait", s.queued)
		}
	}
}

func TestScreenWritesManyLinesAtOnce(t *testing.T) {
	var w countingWriter
	s := screen{out: &w, err: io.Discard}
	for range 1000 {
		s.print(s.out, "line")
	}
	s.flush()
	if w.writes != 1 {
		t.Errorf("%d writes", w.writes)
	}
}

type countingWriter struct{ writes int }

func (w *countingWriter) Write(p []byte) (int, error) { w.writes++; return len(p), nil }

func TestTextRemembersTheFirstError(t *testing.T) {
	full := errors.New("disk is full")
	text := NewText(Config{Out: failingWriter{full}, Err: io.Discard})
	specRun("id").into(text)
	for range 2 {
		if err := text.Close(); !errors.Is(err, full) {
			t.Errorf("Close: %v", err)
		}
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
