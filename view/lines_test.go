package view

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/proto"
)

var webOut = source{"web", proto.Output_STDOUT}

// collect gives chunks to lines, ends the source, and returns what came out, a cut line with its mark.
func collect(l *lines, chunks ...string) []string {
	var got []string
	emit := func(line []byte, more bool) {
		text := string(line)
		if more {
			text += "…"
		}
		got = append(got, text)
	}
	for _, chunk := range chunks {
		l.add(webOut, []byte(chunk), emit)
	}
	l.end(webOut, emit)
	return got
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", longestChunk)
	shown := strings.Repeat("x", longestLine)
	for _, test := range []struct {
		name   string
		chunks []string
		want   []string
	}{
		{"whole lines", []string{"a\nb\n", "c\n"}, []string{"a", "b", "c"}},
		{"empty lines", []string{"\n\n"}, []string{"", ""}},
		{"nothing", []string{""}, nil},
		{"what a command did not end is a line", []string{"a", "b\n"}, []string{"a", "b"}},
		{"unended line after whole ones", []string{"a\nb", "c"}, []string{"a", "b", "c"}},
		{"as long as can be shown", []string{shown + "\n"}, []string{shown}},
		{"longer", []string{shown + "y\n"}, []string{shown + "…"}},
		{"over several chunks", []string{long, long, "end\nnext\n"}, []string{shown + "…", "next"}},
		{"long and never ended", []string{long, long}, []string{shown + "…"}},
		{"long, ended exactly", []string{long, "\n", "next\n"}, []string{shown + "…", "next"}},
		{"long, ended without a newline", []string{long, "end", "next\n"}, []string{shown + "…", "next"}},
		{"lines before a long one", []string{"a\nb\n" + long, "end\nc\n"}, []string{"a", "b", shown + "…", "c"}},
		{"big chunk whose last line is short", []string{"a\n" + long + "\nb", "c\n"}, []string{"a", shown + "…", "bc"}},
		{"cut within a character", []string{"x" + strings.Repeat("é", longestLine) + "\n"},
			[]string{"x" + strings.Repeat("é", longestLine/2-1) + "…"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var l lines
			if diff := cmp.Diff(test.want, collect(&l, test.chunks...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(l.open) != 0 {
				t.Errorf("kept %d open lines", len(l.open))
			}
		})
	}
}

func TestLinesKeepsLittleOfALineWithoutEnd(t *testing.T) {
	var l lines
	chunk := bytes.Repeat([]byte("x"), longestChunk)
	for range 1000 {
		l.add(webOut, chunk, func([]byte, bool) { t.Fatal("a line that has not ended was given") })
	}
	if kept := cap(l.open[webOut].kept); kept > 2*longestLine {
		t.Errorf("keeps %d bytes", kept)
	}
}

// Whatever the chunks, no line is longer than allowed, has a newline in it, or is lost.
func FuzzLines(f *testing.F) {
	f.Add([]byte("a\nb\nc"), uint16(2))
	f.Add([]byte("LLLLL"), uint16(longestChunk))
	f.Add([]byte("xLLé\n\nend"), uint16(longestChunk+1))
	f.Fuzz(func(t *testing.T, text []byte, size uint16) {
		// Long lines are written short, so that the fuzzer has little to change: L is as much of a line as is shown.
		text = bytes.ReplaceAll(text[:min(len(text), 100)], []byte("L"), bytes.Repeat([]byte("é"), longestLine/2))
		var chunks []string
		for rest := text; len(rest) > 0; {
			n := min(len(rest), int(size)+1)
			chunks = append(chunks, string(rest[:n]))
			rest = rest[n:]
		}
		var l lines
		got := collect(&l, chunks...)
		for _, line := range got {
			if strings.Contains(line, "\n") || len(line) > longestLine+len("…") {
				t.Fatalf("a line of %d bytes, or two", len(line))
			}
		}
		if ends := bytes.Count(text, []byte("\n")); len(got) < ends {
			t.Fatalf("%d lines came out of %d", len(got), ends)
		}
		if short := len(text) < longestLine; short && strings.Join(got, "") != strings.ReplaceAll(string(text), "\n", "") {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func BenchmarkLines(b *testing.B) {
	var chunk bytes.Buffer
	for i := range 500 {
		fmt.Fprintf(&chunk, "line %d of some output that a command printed\n", i)
	}
	b.SetBytes(int64(chunk.Len()))
	var l lines
	for b.Loop() {
		l.add(webOut, chunk.Bytes(), func([]byte, bool) {})
	}
}
