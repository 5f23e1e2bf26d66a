package layout

import (
	"strings"

	"github.com/rivo/uniseg"

	"sloth-runner/internal/chars"
)

// Width returns how wide text is on a screen.
func Width(text string) int { return uniseg.StringWidth(text) }

// Pad fills text with blanks up to width cells.
func Pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-Width(text)))
}

// Cut shortens text to at most width cells, with an ellipsis as its last one where something is missing.
func Cut(text string, width int) string {
	if len(text) <= width || Width(text) <= width {
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

// OneLine is text from elsewhere as it can stand in a table or within a sentence.
func OneLine(text string) string {
	return strings.ReplaceAll(Escape(strings.TrimSpace(text)), "\t", " ")
}

// Bounded is OneLine of at most width cells. The text is shortened first, so that a huge one costs nothing.
func Bounded(text string, width int) string {
	if most := 16 * width; len(text) > most {
		text = text[:chars.Whole(text[:most])]
	}
	return Cut(OneLine(text), width)
}
