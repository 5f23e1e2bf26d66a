package naming

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the longest name of a host or group, in bytes. The longest name in DNS has 253.
const maxName = 255

// CheckHost tells why name can't be a host's: it must be an IP address, or look like a name of DNS.
func CheckHost(name string) error {
	addr, err := netip.ParseAddr(name)
	switch {
	case err != nil:
		return CheckName(name)
	case addr.Zone() != "":
		return CheckName(addr.Zone()) // ParseAddr takes anything
	default:
		return nil
	}
}

// NameRule says what may be in a name.
const NameRule = "a name begins with a letter, a digit or _, and goes on with these and any of . - + / % ^ ~"

// nameError is why a text is no name.
type nameError struct{ text string }

func (e *nameError) Error() string { return e.text }

func badName(format string, args ...any) error { return &nameError{fmt.Sprintf(format, args...)} }

// IsBadName reports whether err is about a name.
func IsBadName(err error) bool {
	var bad *nameError
	return errors.As(err, &bad)
}

// CheckName tells why name can't be a host's or a group's. It takes what ssh and Ansible take, but for characters that have
// a meaning here: in inventories and patterns, in words as user@host:port, in options, for shells and terminals.
func CheckName(name string) error {
	if name == "" {
		return badName("the name is missing")
	}
	if len(name) > maxName {
		return badName("the name is longer than %d bytes", maxName)
	}
	for i, r := range name {
		if !canBegin(r) && (i == 0 || !canFollow(r)) {
			return badName("%q can't be in this place of a name: %s", r, NameRule)
		}
	}
	return nil
}

// canBegin reports whether a name may begin with r.
func canBegin(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_')
}

// canFollow reports whether r may be in a name behind the first character, besides those that may begin one. Of what is not
// ASCII it is all that can be seen.
func canFollow(r rune) bool {
	if r > unicode.MaxASCII {
		return r != utf8.RuneError && unicode.IsPrint(r)
	}
	return strings.ContainsRune(".-+/%^~", r)
}

// CheckUser tells why name can't be a login name.
func CheckUser(name string) error {
	if name == "" {
		return fmt.Errorf("the user is missing")
	}
	if len(name) > maxName {
		return fmt.Errorf("the user is longer than %d bytes", maxName)
	}
	for _, r := range name {
		if r == utf8.RuneError || r == ':' || r == ',' || unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return fmt.Errorf("%q can't be in a user", r)
		}
	}
	return nil
}

// Printable reports whether text is valid UTF-8 without control and invisible characters.
func Printable(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// IsControl reports whether c is a control character, and no tab.
func IsControl(c rune) bool { return c != '\t' && unicode.IsControl(c) }

// AllDigits reports whether text is digits, at least one.
func AllDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
