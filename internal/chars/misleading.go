package chars

import "unicode"

// Misleading reports whether a character could make a user see different text: a control character, one that changes
// the direction of text (Unicode TR 36, 2.1), or one that begins a line.
func Misleading(c rune) bool {
	return unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c == '\u2028' || c == '\u2029'
}
