// Package chars cuts text between characters, and finds characters that mislead.
package chars

import "unicode/utf8"

// Whole returns the length of text, in bytes, without an incomplete UTF-8 character at its end. Text that is not UTF-8
// is not shortened.
func Whole[T ~string | ~[]byte](text T) int {
	for i := len(text) - 1; i >= max(0, len(text)-utf8.UTFMax); i-- {
		if !utf8.RuneStart(text[i]) {
			continue
		}
		if !utf8.FullRuneInString(string(text[i:])) {
			return i
		}
		break
	}
	return len(text)
}
