package sshconfig

import (
	"strings"

	"sloth-runner/internal/glob"
)

// matchesList reports whether s fits a list with commas: one of its patterns, and none of those with ! in front.
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

// matchesHost is matchesList for names of hosts: upper and lower case are the same.
func matchesHost(name, list string) bool {
	return matchesList(strings.ToLower(name), strings.ToLower(list))
}

// everything reports whether a pattern fits every name.
func everything(pattern string) bool { return strings.Trim(pattern, "*") == "" && pattern != "" }

// literal reports whether a pattern fits only itself.
func literal(pattern string) bool { return pattern != "" && !strings.ContainsAny(pattern, "*?!") }
