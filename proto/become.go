package proto

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// BecomeMethods are the programs that make one user of a host into another.
var BecomeMethods = [...]string{"sudo", "doas", "su"}

// maxUser bounds the name of an account in bytes; Linux allows 256.
const maxUser = 256

// UserProblem says why a text can't be the name of an account, or "". It keeps a name from being an option of a program
// or a line of its own; whether there is such an account, only its host knows.
func UserProblem(name string) string {
	switch {
	case name == "":
		return "is empty"
	case len(name) > maxUser:
		return "is too long for the name of a user"
	case strings.HasPrefix(name, "-"):
		return "begins with -"
	case !utf8.ValidString(name):
		return "is not valid UTF-8"
	case strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(":/,'\"", r)
	}):
		return "is not the name of a user"
	}
	return ""
}
