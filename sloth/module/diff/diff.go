// Package diff compares two versions of a text, for the changes that modules report. Its time and memory are bounded, whatever
// the texts are: the comparison itself is that of the module udiff, which gives up looking for the shortest result after 50
// differences from either end.
package diff

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/aymanbagabas/go-udiff/lcs"

	"sloth-runner/sloth/module"
)

const (
	// MaxBytes is how large each version may be: what is larger is not compared.
	MaxBytes = 8 << 20
	// maxLines is how many lines each version may have between the first difference and the last.
	maxLines = 100_000
	// context is how many lines around a difference are shown.
	context = 3
)

// Unified returns the unified diff of a file, as diff -u writes it, without times. Content that is nil is that of an absent file.
// Versions that are the same give "". Binary content and versions that are too large give one line that says so. Of a long diff,
// what is behind module.MaxDiff bytes may be absent; it is then longer than that, so that Change.ShortDiff says it.
func Unified(path string, before, after []byte) string {
	if bytes.Equal(before, after) {
		return ""
	}
	name := label(path)
	if bytes.IndexByte(before, 0) >= 0 || bytes.IndexByte(after, 0) >= 0 {
		return fmt.Sprintf("Binary files differ: %s has %d bytes before and %d after\n", name, len(before), len(after))
	}
	start, oldEnd, newEnd := middle(before, after)
	if max(len(before), len(after)) > MaxBytes || max(bytes.Count(before[start:oldEnd], newline), bytes.Count(after[start:newEnd], newline)) > maxLines {
		return TooLarge(path, int64(len(before)), int64(len(after)))
	}
	text := writer{limit: module.MaxDiff}
	text.add("--- ", side(name, before), "\n+++ ", side(name, after), "\n")
	old, new := lines(before[start:oldEnd]), lines(after[start:newEnd])
	h := hunks{old: old, new: new, first: bytes.Count(before[:start], newline)}
	h.write(&text, lcs.DiffLines(old, new))
	return text.String()
}

// TooLarge is what Unified returns for versions of those sizes, one of which is more than MaxBytes.
func TooLarge(path string, before, after int64) string {
	return fmt.Sprintf("%s is too large to compare: it has %d bytes before and %d after\n", label(path), before, after)
}

var newline = []byte("\n")

// label is a path on one line.
func label(path string) string {
	if quoted := strconv.Quote(path); quoted[1:len(quoted)-1] != path {
		return quoted
	}
	return path
}

func side(name string, content []byte) string {
	if content == nil {
		return "/dev/null"
	}
	return name
}

// middle returns where the versions differ, with the lines around that: what is before start is the same in both, and what is
// behind the ends.
func middle(before, after []byte) (start, oldEnd, newEnd int) {
	shorter := min(len(before), len(after))
	for start < shorter && before[start] == after[start] {
		start++
	}
	same := 0
	for same < shorter-start && before[len(before)-1-same] == after[len(after)-1-same] {
		same++
	}
	for range context + 1 {
		start = max(0, bytes.LastIndexByte(before[:start], '\n'))
	}
	if start > 0 {
		start++ // behind the newline
	}
	for range context + 1 {
		next := bytes.IndexByte(before[len(before)-same:], '\n')
		if next < 0 {
			same = 0
			break
		}
		same -= next + 1
	}
	return start, len(before) - same, len(after) - same
}

// lines cuts a text behind its newlines.
func lines(text []byte) []string {
	cut := make([]string, 0, bytes.Count(text, newline)+1)
	for line := range bytes.Lines(text) {
		cut = append(cut, string(line))
	}
	return cut
}
