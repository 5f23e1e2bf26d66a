package phrase

import (
	"time"

	"sloth-runner/internal/shell"
	"sloth-runner/view/layout"
)

// ShellWord quotes text for a POSIX shell where it needs that. What can't be shown can't be copied either: it is
// escaped.
func ShellWord(text string) string {
	return shell.Type(layout.OneLine(text))
}

// Duration is d as people say it: "45ms", "12.3s", "1m5s".
func Duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
