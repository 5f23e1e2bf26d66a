package file

import (
	"path"
	"strings"

	"sloth-runner/internal/glob"
)

// ignored are the names of a tree that are left out, and all that is below them.
type ignored struct {
	patterns []string
	// last is the last name that was left out.
	last string
}

// out reports whether a name of a list is left out. Directories come before what they contain.
func (i *ignored) out(name string) bool {
	if i.last != "" && strings.HasPrefix(name, i.last+"/") {
		return true
	}
	if name == "." || !i.matches(name) {
		return false
	}
	i.last = name
	return true
}

// matches reports whether a pattern is about a name itself.
func (i *ignored) matches(name string) bool {
	for _, pattern := range i.patterns {
		pattern = strings.TrimSuffix(pattern, "/")
		text := path.Base(name)
		if strings.Contains(pattern, "/") {
			pattern, text = strings.TrimPrefix(pattern, "/"), name
		}
		if glob.Match(pattern, text) {
			return true
		}
	}
	return false
}
