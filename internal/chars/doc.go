// Package chars cuts bytes between characters.
package chars

import "unicode/utf8"

// Whole returns how much of text can be taken without a character in two: its length without the beginning of a character
// at its end, in bytes. What is no UTF-8 has no characters to be cut.
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
