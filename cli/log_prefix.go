package cli

import (
	"strings"
	"unicode/utf8"

	"sloth-runner/view"
)

// maxPrefix is the most that prefixes are padded to, in characters.
const maxPrefix = 24

func prefixWidth(hosts []string) int {
	width := 0
	for _, host := range hosts {
		width = max(width, min(maxPrefix, utf8.RuneCountInString(view.Escape(host))))
	}
	return width
}

// prefix is "web-1 | ", as a run prints it.
func prefix(host string, width int) string {
	name := view.Escape(host)
	return name + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(name))) + " | "
}
