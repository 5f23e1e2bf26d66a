package process

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sloth-runner/sloth/module"
)

// TestLinesLoseNothing writes any data in any pieces. All of it is emitted, and each piece but the last ends a line or
// has the maximum length.
func TestLinesLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want, got bytes.Buffer
		goOn := 0
		var pieces [][]byte
		l := lines{emit: func(p []byte, partial bool) {
			if ends := bytes.HasSuffix(p, []byte("\n")); ends && partial {
				t.Fatalf("a piece of %d bytes ends its line and goes on", len(p))
			}
			if partial {
				goOn++
			}
			got.Write(p)
			pieces = append(pieces, bytes.Clone(p))
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
		open := 0
		for i, p := range pieces {
			if i < len(pieces)-1 && !bytes.HasSuffix(p, []byte("\n")) && len(p) < maxLine {
				t.Fatalf("piece %d of %d bytes ends in the middle of a line", i, len(p))
			}
			if !bytes.HasSuffix(p, []byte("\n")) {
				open++
			}
		}
		// Only the last piece may end what no newline ends.
		if goOn != open && goOn != open-1 {
			t.Fatalf("%d of %d pieces without a newline say that they go on", goOn, open)
		}
	})
}

// A long line is split between characters.
func TestLinesCutNoCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Repeat("x", rapid.IntRange(0, 5).Draw(t, "before")) + strings.Repeat(rapid.SampledFrom([]string{"é", "€", "😀"}).Draw(t, "character"), maxLine)
		size := rapid.IntRange(maxLine/2, 2*maxLine).Draw(t, "size")
		l := lines{emit: func(p []byte, _ bool) {
			if !utf8.Valid(p) {
				t.Fatalf("a piece of %d bytes cuts a character", len(p))
			}
		}}
		for rest := []byte(text); len(rest) > 0; {
			n := min(len(rest), size)
			l.Write(rest[:n])
			rest = rest[n:]
		}
		l.Flush()
	})
}

func TestCaptureKeepsBothEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Near the end of what it keeps is where it matters; to write all before that would take all the time.
		before := rapid.SampledFrom([]int{0, module.MaxOutput - 3*TailSize}).Draw(t, "before")
		c := capture{most: module.MaxOutput, head: make([]byte, before), last: make([]byte, min(before, TailSize))}
		all := bytes.NewBuffer(make([]byte, min(before, TailSize)))
		for range rapid.IntRange(0, 12).Draw(t, "writes") {
			p := bytes.Repeat([]byte{byte(rapid.IntRange('a', 'z').Draw(t, "letter"))}, rapid.SampledFrom([]int{1, 100, TailSize - 1, TailSize, TailSize + 1}).Draw(t, "size"))
			all.Write(p)
			c.Write(p)
		}
		text := all.Bytes()
		written := text[min(before, TailSize):]
		if head := written[:min(module.MaxOutput-before, len(written))]; !bytes.Equal(c.head[before:], head) {
			t.Fatalf("head has %d bytes of %d", len(c.head), before+len(written))
		}
		if last := text[max(0, len(text)-TailSize):]; !bytes.Equal(c.last, last) {
			t.Fatalf("tail has %d bytes, want %d", len(c.last), len(last))
		}
		if c.truncated != (before+len(written) > module.MaxOutput) {
			t.Fatalf("truncated is %v for %d bytes", c.truncated, before+len(written))
		}
	})
}
