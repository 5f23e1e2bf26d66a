package offer

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escape makes one part of a file name of any bytes: letters, digits and a few signs stay, all else becomes %XX, so that different names
// stay different.
func escape(name string) string {
	if strings.Trim(name, ".") == "" {
		return strings.Repeat("%2E", len(name)) // "." and ".." are no names
	}
	var out strings.Builder
	for rest := name; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		if isPlain(r, size) {
			out.WriteString(rest[:size])
		} else {
			for _, b := range []byte(rest[:size]) {
				fmt.Fprintf(&out, "%%%02X", b)
			}
		}
		rest = rest[size:]
	}
	return out.String()
}

func isPlain(r rune, size int) bool {
	if r < utf8.RuneSelf {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-+=@,", r)
	}
	return r != utf8.RuneError && size > 1 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
