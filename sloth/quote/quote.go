// Package quote shows a text of a .sloth file or of a host in a message: in one line of bounded length, whatever is in it.
package quote

import (
	"strconv"
	"strings"

	"sloth-runner/internal/closest"
)

const (
	// longest is how many characters of a text are shown.
	longest = 80
	// longestPath is how many of a path: all of each that a system takes, which is PATH_MAX of Linux.
	longestPath = 4096
)

// Text returns the text between single quotes, with what can't be printed escaped. Of a long one it is the beginning.
func Text(text string) string { return quoted(text, longest) }

// Path is Text for a path of a host, of which nothing is left out: its end says more than its beginning.
func Path(path string) string { return quoted(path, longestPath) }

func quoted(text string, longest int) string {
	// Before it is decoded: an error value may be a text of megabytes.
	if most := 4 * longest; len(text) > most {
		text = text[:most]
	}
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "..."
	}
	shown := strconv.Quote(strings.ToValidUTF8(text, "\uFFFD"))
	return "'" + strings.ReplaceAll(shown[1:len(shown)-1], `\"`, `"`) + "'"
}

// DidYouMean returns ", did you mean 'name'?" for the known name that is closest to a word, or "" when none is close.
func DidYouMean(word string, known []string) string {
	if match := closest.Match(word, known); match != "" {
		return ", did you mean " + Text(match) + "?"
	}
	return ""
}
