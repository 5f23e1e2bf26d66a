package chars

import "unicode"

// Misleading reports whether a character could make a person see another text than there is: a control character, one that
// turns the direction of what follows (Unicode TR 36, 2.1), or one that begins a line.
func Misleading(c rune) bool {
	return unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c == '\u2028' || c == '\u2029'
}
