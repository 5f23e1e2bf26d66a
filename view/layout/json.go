package layout

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// EscapeJSON replaces what Escape would not let through, within a line of JSON, where such characters are in strings only.
func EscapeJSON(line []byte) []byte {
	if isPlain(line[:len(line)-1]) {
		return line
	}
	var safe []byte
	for rest := line[:len(line)-1]; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case Harmless(r):
			safe = append(safe, rest[:size]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			safe = fmt.Appendf(safe, `\u%04x\u%04x`, high, low)
		default:
			safe = fmt.Appendf(safe, `\u%04x`, r)
		}
		rest = rest[size:]
	}
	return append(safe, '\n')
}
