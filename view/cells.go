package view

import (
	"strings"

	"github.com/rivo/uniseg"

	"sloth-runner/internal/chars"
)

// cells returns how wide text is on a screen.
func cells(text string) int { return uniseg.StringWidth(text) }

// pad fills text with blanks up to width cells.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-cells(text)))
}

// cut shortens text to at most width cells, with an ellipsis as its last one where something is missing.
func cut(text string, width int) string {
	if len(text) <= width || cells(text) <= width {
		return text
	}
	if width <= 0 {
		return ""
	}
	var kept strings.Builder
	room, state := width-1, -1
	for rest := text; rest != ""; {
		var cluster string
		var size int
		cluster, rest, size, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if room -= size; room < 0 {
			break
		}
		kept.WriteString(cluster)
	}
	return kept.String() + "…"
}

// oneLine is text from elsewhere as it can stand in a table or within a sentence.
func oneLine(text string) string {
	return strings.ReplaceAll(Escape(strings.TrimSpace(text)), "\t", " ")
}

// bounded is oneLine of at most width cells. The text is shortened first, so that a huge one costs nothing.
func bounded(text string, width int) string {
	if most := 16 * width; len(text) > most {
		text = text[:chars.Whole(text[:most])]
	}
	return cut(oneLine(text), width)
}
