package sshconfig

import (
	"strings"

	"sloth-runner/internal/glob"
)

// matchesList reports whether s matches a list with commas: at least one pattern, and none of those with !.
func matchesList(s, list string) bool {
	found := false
	for pattern := range strings.SplitSeq(list, ",") {
		pattern, negated := strings.CutPrefix(pattern, "!")
		if glob.Match(pattern, s) {
			if negated {
				return false
			}
			found = true
		}
	}
	return found
}

// matchesHost is matchesList for host names: case does not matter.
func matchesHost(name, list string) bool {
	return matchesList(strings.ToLower(name), strings.ToLower(list))
}

// everything reports whether a pattern matches every name.
func everything(pattern string) bool { return strings.Trim(pattern, "*") == "" && pattern != "" }

// literal reports whether a pattern matches only itself.
func literal(pattern string) bool { return pattern != "" && !strings.ContainsAny(pattern, "*?!") }
