package view

import "strings"

// foldedNames writes names as ranges in at most width cells; what is cut says how many there are. A single name is
// bounded by nameWidth only: half a name is none.
func foldedNames(names []string, width int) string {
	safe := make([]string, len(names))
	for i, name := range names {
		safe[i] = bounded(name, nameWidth)
	}
	if len(safe) == 1 {
		return safe[0]
	}
	text := strings.Join(Fold(safe), ", ")
	if cells(text) <= width {
		return text
	}
	all := " (" + count(len(names), "host") + ")"
	return cut(text, max(1, width-cells(all))) + all
}
