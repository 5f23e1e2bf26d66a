// Package glob matches the patterns of ssh_config(5), which are also used in known_hosts files and lists of algorithms:
// * matches any text, ? any one character, and all other characters themselves.
package glob

import "strings"

// Match reports whether a pattern matches the whole text. It takes at most time proportional to the product of their
// lengths.
func Match(pattern, text string) bool {
	p, t := 0, 0
	star, from := -1, 0 // the last *, and where in text its match ends
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
