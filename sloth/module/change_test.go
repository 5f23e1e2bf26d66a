package module

import (
	"strings"
	"testing"
)

// A long diff is cut between two lines, and says so.
func TestShortDiff(t *testing.T) {
	t.Parallel()
	line := "+" + strings.Repeat("x", 98) + "\n"
	for _, c := range []struct {
		diff string
		want int
		cut  bool
	}{
		{"", 0, false}, {line, len(line), false}, {strings.Repeat("x", MaxDiff), MaxDiff, false},
		{strings.Repeat(line, 700), MaxDiff / len(line) * len(line), true}, {strings.Repeat("x", MaxDiff+1), 0, true},
	} {
		if diff, cut := (Change{Diff: c.diff}).ShortDiff(); len(diff) != c.want || cut != c.cut {
			t.Errorf("of %d bytes %d are kept, cut %v; want %d, %v", len(c.diff), len(diff), cut, c.want, c.cut)
		}
	}
}
