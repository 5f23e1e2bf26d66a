package glob

import (
	"path"
	"strings"
)

// Excluded are the names of a tree that are left out, and all that is below them. The zero value leaves out nothing.
type Excluded struct {
	// Patterns are of the last part of a name, as *.tmp; with a slash, of the path from the top.
	Patterns []string
}

// Matches reports whether a pattern is about a name itself, which is a path from the top of the tree.
func (e Excluded) Matches(name string) bool {
	for _, pattern := range e.Patterns {
		pattern = strings.TrimSuffix(pattern, "/")
		text := path.Base(name)
		if strings.Contains(pattern, "/") {
			pattern, text = strings.TrimPrefix(pattern, "/"), name
		}
		if Match(pattern, text) {
			return true
		}
	}
	return false
}
