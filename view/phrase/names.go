package phrase

import (
	"strings"

	"sloth-runner/view/layout"
)

// FoldedNames writes names as ranges in at most width cells; what is cut says how many there are. A single name is
// bounded by NameWidth only: half a name is none.
func FoldedNames(names []string, width int) string {
	text := AllNames(names)
	if len(names) == 1 || layout.Width(text) <= width {
		return text
	}
	all := " (" + Count(len(names), "host") + ")"
	return layout.Cut(text, max(1, width-layout.Width(all))) + all
}

// AllNames writes names as ranges, and leaves none out.
func AllNames(names []string) string {
	safe := make([]string, len(names))
	for i, name := range names {
		safe[i] = layout.Bounded(name, NameWidth)
	}
	return strings.Join(layout.Fold(safe), ", ")
}
