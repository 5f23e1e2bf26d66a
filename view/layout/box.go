package layout

import "strings"

// Box draws rows of label and value under a title, at most width cells wide when width is above 0.
func Box(title string, rows [][2]string, width int) []string {
	label := len("Success:   ")
	for _, row := range rows {
		label = max(label, Width(row[0])+len(": "))
	}
	inner := Width(title) + 4
	for _, row := range rows {
		inner = max(inner, label+Width(row[1])+2)
	}
	if width > 0 {
		inner = max(min(inner, width-2), 6)
	}
	title = Cut(title, inner-4)
	lines := []string{"┌─ " + title + " " + strings.Repeat("─", inner-3-Width(title)) + "┐"}
	for _, row := range rows {
		text := Cut(Pad(row[0]+":", label)+row[1], inner-2)
		lines = append(lines, "│ "+Pad(text, inner-2)+" │")
	}
	return append(lines, "└"+strings.Repeat("─", inner)+"┘")
}
