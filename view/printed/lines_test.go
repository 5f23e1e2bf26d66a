package printed

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/proto"
)

// longestChunk is how long a line gets that an agent does not say to go on.
const longestChunk = 32 << 10

var webOut = Source{"web", proto.Output_STDOUT}

// collect gives chunks to lines, ends the source, and returns what came out: a cut line with its mark, and with a bar
// between the pieces of one.
func collect(l *Lines, cut bool, chunks ...string) []string {
	var got []string
	to := Sink{Cut: cut, Emit: func(p Piece) {
		text := string(p.Text)
		if p.Cut {
			text += "…"
		}
		if p.First {
			got = append(got, text)
		} else if text != "" {
			got[len(got)-1] += "|" + text
		}
	}}
	for _, chunk := range chunks {
		l.Add(webOut, proto.NewOutput(proto.Output_STDOUT, []byte(chunk)), to)
	}
	l.End(webOut, to)
	return got
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", longestChunk)
	shown := strings.Repeat("x", LongestLine)
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
		{"cut within a character", []string{"x" + strings.Repeat("é", LongestLine) + "\n"},
			[]string{"x" + strings.Repeat("é", LongestLine/2-1) + "…"}},
		{"the last state of a progress bar", []string{"1%\r50%\r100%\r\nnext\r\r\n\r\n"}, []string{"100%", "next", ""}},
		{"never ended", []string{"1%\r2%\r"}, []string{"2%"}},
		{"over several chunks", []string{"1%\r" + long, "\r2%\r", "next\n"}, []string{"2%", "next"}},
		{"a return at the end of a chunk", []string{long + "\r", "2%\n"}, []string{"2%"}},
		{"a return at the end of a chunk, and the end", []string{long + "\r", "\r\nnext\n"}, []string{shown + "…", "next"}},
		{"last state over chunks", []string{long + "\rhalf", "\n"}, []string{"half"}},
		{"a last state that is too long", []string{"1%\r" + long, long + "\n"}, []string{shown + "…"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var l Lines
			if diff := cmp.Diff(test.want, collect(&l, true, test.chunks...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(l.open) != 0 {
				t.Errorf("kept %d open lines", len(l.open))
			}
		})
	}
}

// Where nothing is to be cut, a line that is too long to be kept comes in pieces.
func TestLinesInPieces(t *testing.T) {
	long := strings.Repeat("x", longestChunk)
	for _, test := range []struct {
		name   string
		chunks []string
		want   []string
	}{
		{"there at once", []string{long + "y\n"}, []string{long + "y"}},
		{"over several chunks", []string{long, long, "end\nnext\n"}, []string{long + "|" + long + "|end", "next"}},
		{"long and never ended", []string{long, long}, []string{long + "|" + long}},
		{"long, ended exactly", []string{long, "\n", "next\n"}, []string{long, "next"}},
		{"cut within a character", []string{long + "\xc3", "\xa9\n"}, []string{long + "|é"}},
		{"cut within a colour", []string{long + "\x1b[3", "1mred\n"}, []string{long + "|\x1b[31mred"}},
		{"cut within an escape", []string{long + "\x1b", "[31mred\n"}, []string{long + "|\x1b[31mred"}},
		{"no control sequence", []string{long + "\x1b]0;title", "\n"}, []string{long + "\x1b]0;title"}},
		{"no UTF-8", []string{long + "\xff", "\xff\n"}, []string{long + "\xff|\xff"}},
		{"the last state only", []string{"1%\r" + long + "\r2%", "\r3%\n"}, []string{"3%"}},
		{"a state that was too long to be kept", []string{long, "\r3%\n", "next\n"}, []string{long, "3%", "next"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var l Lines
			if diff := cmp.Diff(test.want, collect(&l, false, test.chunks...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(l.open) != 0 {
				t.Errorf("kept %d open lines", len(l.open))
			}
		})
	}
}

// A line goes on when that is said, however short its pieces are.
func TestLinesThatGoOn(t *testing.T) {
	var l Lines
	var got []string
	to := Sink{Cut: true, Emit: func(p Piece) { got = append(got, string(p.Text)) }}
	for _, piece := range []string{"a\nb", "c", "d\ne"} {
		output := proto.NewOutput(proto.Output_STDOUT, []byte(piece))
		output.Partial = true
		l.Add(webOut, output, to)
	}
	l.End(webOut, to)
	if want := []string{"a", "bcd", "e"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLinesKeepsLittleOfALineWithoutEnd(t *testing.T) {
	chunk := bytes.Repeat([]byte("x"), longestChunk)
	for _, cut := range []bool{true, false} {
		var l Lines
		size := 0
		for range 1000 {
			l.Add(webOut, proto.NewOutput(proto.Output_STDOUT, chunk), Sink{Cut: cut, Emit: func(p Piece) { size += len(p.Text) }})
		}
		if cut == (size > 0) {
			t.Errorf("cut is %v, and %d bytes were given", cut, size)
		}
		if kept := cap(l.open[webOut].kept); kept > 2*LongestLine {
			t.Errorf("keeps %d bytes", kept)
		}
	}
}

// Whatever the chunks, no line is longer than allowed, has a newline in it, or is lost.
func FuzzLines(f *testing.F) {
	f.Add([]byte("a\nb\nc"), uint16(2))
	f.Add([]byte("LLLLL"), uint16(longestChunk))
	f.Add([]byte("xLLé\n\nend"), uint16(longestChunk+1))
	f.Add([]byte("1%\rLLL\r\r2%\r\nL\r"), uint16(longestChunk+1))
	f.Fuzz(func(t *testing.T, text []byte, size uint16) {
		// Long lines are written short, so that the fuzzer has little to change: L is as much of a line as is shown.
		text = bytes.ReplaceAll(text[:min(len(text), 100)], []byte("L"), bytes.Repeat([]byte("é"), LongestLine/2))
		var chunks []string
		for rest := text; len(rest) > 0; {
			n := min(len(rest), int(size)+1)
			chunks = append(chunks, string(rest[:n]))
			rest = rest[n:]
		}
		for _, cut := range []bool{true, false} {
			checkLines(t, cut, text, collect(new(Lines), cut, chunks...))
		}
	})
}

// checkLines compares lines with the text that they are of.
func checkLines(t *testing.T, cut bool, text []byte, got []string) {
	for _, line := range got {
		if strings.ContainsAny(line, "\n\r") || cut && len(line) > LongestLine+len("…") {
			t.Fatalf("a line of %d bytes, or two", len(line))
		}
	}
	if ends := bytes.Count(text, []byte("\n")); len(got) < ends {
		t.Fatalf("%d lines came out of %d", len(got), ends)
	}
	if bytes.ContainsAny(text, "\r|") || cut && len(text) >= LongestLine {
		return
	}
	if all := strings.ReplaceAll(strings.Join(got, ""), "|", ""); all != strings.ReplaceAll(string(text), "\n", "") {
		t.Fatalf("%q became %q", text, all)
	}
}

func BenchmarkLines(b *testing.B) {
	var chunk bytes.Buffer
	for i := range 500 {
		fmt.Fprintf(&chunk, "line %d of some output that a command printed\n", i)
	}
	b.SetBytes(int64(chunk.Len()))
	var l Lines
	for b.Loop() {
		l.Add(webOut, proto.NewOutput(proto.Output_STDOUT, chunk.Bytes()), Sink{Emit: func(Piece) {}})
	}
}
