// Package glob matches the patterns of ssh_config(5), which known_hosts files and lists of algorithms have too: * is any
// text, ? any character, and all else itself.
package glob

import "strings"

// Match reports whether a pattern fits the whole of a text. It takes time in proportion to both at most.
func Match(pattern, text string) bool {
	p, t := 0, 0
	star, from := -1, 0 // the last *, and where in text what it stands for ends
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			from++
			p, t = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
