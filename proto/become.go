package proto

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// BecomeMethods are the programs that run a command as another user of a host.
var BecomeMethods = [...]string{"sudo", "doas", "su"}

// maxUser limits the name of a user in bytes; Linux allows 256.
const maxUser = 256

// UserProblem returns why a text can't be a user name, or "". A valid name can't be read as an option of a program and
// has only one line. Whether the user exists is known only on the host.
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
