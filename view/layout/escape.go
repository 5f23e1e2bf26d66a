package layout

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Escape makes text from elsewhere safe to print in a line: the result is valid UTF-8 that a terminal shows from left
// to right and that moves the cursor only to the right. Tabs stay.
//
// Whole CSI sequences (colours, cursor movement) are left out, as they are about the look of a terminal that is not
// this one. Every other control character, C1 included, every invisible or direction-changing one, and every byte
// that is no UTF-8 is shown as in Go source: \x1b, \n, \u202e, \xff.
func Escape[T ~string | ~[]byte](text T) string {
	if isPlain(text) {
		return string(text)
	}
	rest := string(text)
	var safe strings.Builder
	safe.Grow(len(rest) + 16)
	for rest != "" {
		if size := ControlSequence(rest); size > 0 {
			rest = rest[size:]
			continue
		}
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&safe, `\x%02x`, rest[0])
		case Harmless(r):
			safe.WriteString(rest[:size])
		default:
			safe.WriteString(shown(r))
		}
		rest = rest[size:]
	}
	return safe.String()
}

// isPlain reports whether text is printable ASCII and tabs, as most is.
func isPlain[T ~string | ~[]byte](text T) bool {
	for i := range len(text) {
		if c := text[i]; (c < ' ' && c != '\t') || c > '~' {
			return false
		}
	}
	return true
}

// ControlSequence returns the length of the control sequence that text begins with, in bytes; 0: it begins with none. Shape:
// ECMA-48, 5.4: ESC [, parameter bytes 30-3F, intermediate bytes 20-2F, one final byte 40-7E.
func ControlSequence(text string) int {
	if !strings.HasPrefix(text, "\x1b[") {
		return 0
	}
	i := 2
	for i < len(text) && text[i] >= 0x30 && text[i] <= 0x3f {
		i++
	}
	for i < len(text) && text[i] >= 0x20 && text[i] <= 0x2f {
		i++
	}
	if i < len(text) && text[i] >= 0x40 && text[i] <= 0x7e {
		return i + 1
	}
	return 0
}

// Harmless reports whether a terminal shows r and does nothing else.
func Harmless(r rune) bool {
	switch {
	case r == '\t':
		return true
	case unicode.IsControl(r), unicode.In(r, unicode.Zl, unicode.Zp):
		return false
	case r == '\u200c' || r == '\u200d':
		// The joiners are part of words and of emoji.
		return true
	case unicode.Is(unicode.Cf, r):
		return unicode.Is(unicode.Prepended_Concatenation_Mark, r)
	}
	return true
}

func shown(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\b':
		return `\b`
	}
	switch {
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
