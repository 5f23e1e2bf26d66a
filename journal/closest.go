package journal

import (
	"slices"
	"strings"

	"sloth-runner/internal/closest"
)

// maxSuggestions is the number of names in a hint.
const maxSuggestions = 3

// closestID returns the ID that was probably meant. It expects the whole ID or the last part of one.
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

// newest returns the last names, in reverse order.
func newest(names []string) []string {
	names = slices.Clone(names[max(0, len(names)-maxSuggestions):])
	slices.Reverse(names)
	return names
}

// suggestion returns the hint that lists names; "" for none.
func suggestion(names ...string) string {
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	if len(names) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(names, " or ") + "?"
}
