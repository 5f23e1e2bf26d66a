package printed

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Hosts end at the same place if and only if they printed the same, however their output was cut into pieces, in which
// order the pieces came, and how little room there was; and what is kept is the beginning of what was printed.
func TestVersions(t *testing.T) {
	line := rapid.SampledFrom([]string{"a", "b", "aa", "a\n", "", "up 3 days\n", strings.Repeat("x", 300)})
	rapid.Check(t, func(t *rapid.T) {
		room := rapid.SampledFrom([]int{0, 1, 5, branchCost + 1, 3 * branchCost, 1 << 20}).Draw(t, "room")
		all := NewVersions(&room)
		count := rapid.IntRange(1, 8).Draw(t, "hosts")
		texts, left, cursors := make([]string, count), make([]string, count), make([]Cursor, count)
		for i := range count {
			texts[i] = strings.Join(rapid.SliceOfN(line, 0, 6).Draw(t, "text"), "")
			left[i], cursors[i] = texts[i], all.Begin()
		}
		for open := count; open > 0; {
			i := rapid.IntRange(0, count-1).Draw(t, "host")
			if left[i] == "" {
				i = nonempty(left)
			}
			if i < 0 {
				break
			}
			n := rapid.IntRange(1, len(left[i])).Draw(t, "piece")
			cursors[i].Add([]byte(left[i][:n]))
			left[i] = left[i][n:]
		}
		for i := range count {
			kept := string(cursors[i].Text())
			if !strings.HasPrefix(texts[i], kept) || !cursors[i].IsCut() && kept != texts[i] {
				t.Fatalf("%q is kept of %q", kept, texts[i])
			}
			if cursors[i].IsEmpty() != (texts[i] == "") {
				t.Fatalf("%q: empty is %v", texts[i], cursors[i].IsEmpty())
			}
			for j := range i {
				if same := cursors[i].Content() == cursors[j].Content(); same != (texts[i] == texts[j]) {
					t.Fatalf("%q and %q: same is %v", texts[i], texts[j], same)
				}
			}
		}
	})
}

func nonempty(texts []string) int {
	for i, text := range texts {
		if text != "" {
			return i
		}
	}
	return -1
}

// A thousand hosts that print the same cost what one does; one that goes on for ever, no more than its share.
func TestVersionsAreBounded(t *testing.T) {
	room := MostInAll
	all := NewVersions(&room)
	chunk := bytes.Repeat([]byte("the same line again\n"), 1000)
	cursors := make([]Cursor, 1000)
	for i := range cursors {
		cursors[i] = all.Begin()
	}
	for range 10 {
		for i := range cursors {
			cursors[i].Add(chunk)
		}
	}
	if used := MostInAll - room; used != 10*len(chunk) {
		t.Errorf("the same text takes %d bytes", used)
	}
	for range 200 {
		cursors[0].Add(chunk)
	}
	if used := MostInAll - room; used != MostOfOne || !cursors[0].IsCut() || cursors[0].size != MostOfOne {
		t.Errorf("an endless text takes %d bytes, %d of them kept", used, cursors[0].size)
	}
	for i := range cursors {
		for n := range 10 {
			cursors[i].Add(append(fmt.Appendf(nil, "host %d line %d ", i, n), chunk...))
		}
	}
	if room < 0 || cursors[1].Content() == cursors[2].Content() {
		t.Errorf("different texts: %d bytes left", room)
	}
}
