package view

import "strings"

// foldedNames writes names as ranges in at most width cells; what is cut says how many there are. A single name is
// bounded by nameWidth only: half a name is none.
func foldedNames(names []string, width int) string {
	text := allNames(names)
	if len(names) == 1 || cells(text) <= width {
		return text
	}
	all := " (" + count(len(names), "host") + ")"
	return cut(text, max(1, width-cells(all))) + all
}

// allNames writes names as ranges, and leaves none out.
func allNames(names []string) string {
	safe := make([]string, len(names))
	for i, name := range names {
		safe[i] = bounded(name, nameWidth)
	}
	return strings.Join(Fold(safe), ", ")
}
