package sshconfig

import "strings"

// matches reports whether a pattern with * and ? fits the whole of s. It takes time in proportion to both at most.
func matches(s, pattern string) bool {
	i, j := 0, 0
	star, from := -1, 0 // the last *, and where in s what it stands for ends
	for i < len(s) {
		switch {
		case j < len(pattern) && pattern[j] == '*':
			star, from = j, i
			j++
		case j < len(pattern) && (pattern[j] == '?' || pattern[j] == s[i]):
			i++
			j++
		case star >= 0:
			from++
			i, j = from, star+1
		default:
			return false
		}
	}
	return strings.Trim(pattern[j:], "*") == ""
}

// matchesList reports whether s fits a list with commas: one of its patterns, and none of those with ! in front.
func matchesList(s, list string) bool {
	found := false
	for pattern := range strings.SplitSeq(list, ",") {
		pattern, negated := strings.CutPrefix(pattern, "!")
		if matches(s, pattern) {
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
