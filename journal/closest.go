package journal

import (
	"slices"
	"strings"

	"sloth-runner/internal/closest"
)

// maxSuggestions is how many names a hint has room for.
const maxSuggestions = 3

// closestID is the ID that was probably meant: people type the whole or the last part.
func closestID(typed string, ids []string) string {
	if id := closest.Match(typed, ids); id != "" {
		return id
	}
	suffixes := make([]string, len(ids))
	for i, id := range ids {
		suffixes[i] = idSuffix(id)
	}
	if i := slices.Index(suffixes, closest.Match(typed, suffixes)); i >= 0 {
		return ids[i]
	}
	return ""
}

// newest are the last names, the last first.
func newest(names []string) []string {
	names = slices.Clone(names[max(0, len(names)-maxSuggestions):])
	slices.Reverse(names)
	return names
}

// suggestion words names as a hint; "" for none.
func suggestion(names ...string) string {
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	if len(names) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(names, " or ") + "?"
}
