// Package closest finds the known name that is most similar to a mistyped one.
package closest

import (
	"strings"
	"unicode/utf8"
)

// maxLength is the longest name that is compared, in characters. Longer names are not typed by hand, and comparing
// takes quadratic time.
const maxLength = 128

// Match returns the name in known that is most similar to word, or "" when none is similar enough. One edit is allowed
// for every three characters, and at most three. An edit is a character added, removed or replaced, or two neighbours
// swapped; case does not count. Of equally similar names it returns the first.
func Match(word string, known []string) string {
	typed := fold(word)
	if len(typed) < 2 || len(typed) > maxLength {
		return ""
	}
	best, limit := "", min(max(len(typed)/3, 1), 3)
	for _, name := range known {
		// A character has up to four bytes: what is too long in bytes / 4 is too long in characters.
		if name == word || len(name)/utf8.UTFMax > maxLength {
			continue
		}
		candidate := fold(name)
		if abs(len(candidate)-len(typed)) > limit {
			continue
		}
		if d := distance(typed, candidate); d <= limit && len(candidate) > d {
			best, limit = name, d-1
		}
		if limit < 0 {
			break
		}
	}
	return best
}

func fold(name string) []rune { return []rune(strings.ToLower(name)) }

// distance returns the optimal string alignment distance of a and b: the Levenshtein distance in which swapping two
// neighbours is one edit. It keeps only the last three rows of the table.
func distance(a, b []rune) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}

func abs(n int) int { return max(n, -n) }
