package view

import (
	"strings"

	"sloth-runner/view/layout"
)

// foldedNames writes names as ranges in at most width cells; what is cut says how many there are. A single name is
// bounded by nameWidth only: half a name is none.
func foldedNames(names []string, width int) string {
	text := allNames(names)
	if len(names) == 1 || layout.Width(text) <= width {
		return text
	}
	all := " (" + count(len(names), "host") + ")"
	return layout.Cut(text, max(1, width-layout.Width(all))) + all
}

// allNames writes names as ranges, and leaves none out.
func allNames(names []string) string {
	safe := make([]string, len(names))
	for i, name := range names {
		safe[i] = layout.Bounded(name, nameWidth)
	}
	return strings.Join(layout.Fold(safe), ", ")
}
