package diff

import (
	"strconv"
	"strings"

	"github.com/aymanbagabas/go-udiff/lcs"
)

// hunks writes differences with the lines around them.
type hunks struct {
	old, new []string
	// first is how many lines both versions have before old and new.
	first int
}

func (h hunks) write(text *writer, differences []lcs.Diff) {
	for len(differences) > 0 && !text.full() {
		n := 1
		for n < len(differences) && differences[n].Start-differences[n-1].End <= 2*context {
			n++
		}
		h.hunk(text, differences[:n])
		differences = differences[n:]
	}
}

// hunk writes differences that stand close to each other.
func (h hunks) hunk(text *writer, differences []lcs.Diff) {
	first, last := differences[0], differences[len(differences)-1]
	before := min(context, first.Start)
	after := min(context, len(h.old)-last.End)
	text.add("@@ -", h.span(first.Start-before, last.End+after), " +", h.span(first.ReplStart-before, last.ReplEnd+after), " @@\n")
	at := first.Start - before
	for _, d := range differences {
		text.lines(" ", h.old[at:d.Start])
		text.lines("-", h.old[d.Start:d.End])
		text.lines("+", h.new[d.ReplStart:d.ReplEnd])
		at = d.End
	}
	text.lines(" ", h.old[at:last.End+after])
}

// span names lines, counted from 0, as a head of a hunk does: of no lines, it is the line before them.
func (h hunks) span(start, end int) string {
	switch n := end - start; n {
	case 0:
		return strconv.Itoa(h.first+start) + ",0"
	case 1:
		return strconv.Itoa(h.first + start + 1)
	default:
		return strconv.Itoa(h.first+start+1) + "," + strconv.Itoa(n)
	}
}

// writer keeps one byte more than its limit, so that a text that is longer is known to be.
type writer struct {
	strings.Builder
	limit int
}

func (w *writer) full() bool { return w.Len() > w.limit }

func (w *writer) add(parts ...string) {
	for _, part := range parts {
		w.WriteString(part[:min(len(part), w.limit+1-w.Len())])
	}
}

func (w *writer) lines(mark string, lines []string) {
	for _, line := range lines {
		if w.full() {
			return
		}
		w.add(mark, line)
		if !strings.HasSuffix(line, "\n") {
			w.add("\n\\ No newline at end of file\n")
		}
	}
}
