package agent

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLinesLoseNothing writes anything in any pieces: all comes out, and every piece but the last ends a line or is as
// long as a piece may be.
func TestLinesLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want, got bytes.Buffer
		var pieces [][]byte
		l := lines{emit: func(p []byte) {
			got.Write(p)
			pieces = append(pieces, p)
		}}
		for range rapid.IntRange(0, 20).Draw(t, "writes") {
			p := []byte(strings.Repeat(rapid.SampledFrom([]string{"a", "b\n", "\n", "\xff"}).Draw(t, "text"), rapid.SampledFrom([]int{0, 1, 7, maxLine / 2, maxLine}).Draw(t, "times")))
			want.Write(p)
			l.Write(p)
		}
		l.Flush()
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Fatalf("%d bytes went in, %d came out", want.Len(), got.Len())
		}
		for i, p := range pieces {
			if i < len(pieces)-1 && !bytes.HasSuffix(p, []byte("\n")) && len(p) < maxLine {
				t.Fatalf("piece %d of %d bytes ends in the middle of a line", i, len(p))
			}
		}
	})
}

func TestCaptureKeepsBothEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all bytes.Buffer
		var c capture
		for range rapid.IntRange(0, 12).Draw(t, "writes") {
			p := bytes.Repeat([]byte{byte(rapid.IntRange('a', 'z').Draw(t, "letter"))}, rapid.SampledFrom([]int{1, 100, tailSize - 1, tailSize, tailSize + 1, maxCapture / 3}).Draw(t, "size"))
			all.Write(p)
			c.Write(p)
		}
		text := all.Bytes()
		if head := text[:min(maxCapture, len(text))]; !bytes.Equal(c.head, head) {
			t.Fatalf("head has %d bytes of %d", len(c.head), len(head))
		}
		if last := text[max(0, len(text)-tailSize):]; !bytes.Equal(c.last, last) {
			t.Fatalf("tail has %d bytes, want %d", len(c.last), len(last))
		}
		if c.truncated != (len(text) > maxCapture) {
			t.Fatalf("truncated is %v for %d bytes", c.truncated, len(text))
		}
	})
}

func TestTailIsWholeLines(t *testing.T) {
	long := strings.Repeat("x", tailSize-6)
	for text, want := range map[string]string{
		"":                              "",
		"one\ntwo\n\n":                  "one\ntwo",
		"cut\nfirst\n" + long + "\nz":   long + "\nz",
		strings.Repeat("y", tailSize+9): strings.Repeat("y", tailSize),
	} {
		if got := string(tail([]byte(text))); got != want {
			t.Errorf("tail of %d bytes: %d bytes, want %d", len(text), len(got), len(want))
		}
	}
}
