package naming

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the maximum length of a host's or group's name, in bytes. A DNS name has at most 253.
const maxName = 255

// CheckHost returns an error if name is not valid for a host: it must be an IP address or look like a DNS name.
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

// NameRule is the rule for names, for messages.
const NameRule = "a name begins with a letter, a digit or _, and goes on with these and any of . - + / % ^ ~"

// nameError says why a text is not a valid name.
type nameError struct{ text string }

func (e *nameError) Error() string { return e.text }

func badName(format string, args ...any) error { return &nameError{fmt.Sprintf(format, args...)} }

// IsBadName reports whether err says that a name is not valid.
func IsBadName(err error) bool {
	var bad *nameError
	return errors.As(err, &bad)
}

// CheckName returns an error if name is not valid for a host or a group. It accepts the names of ssh and Ansible, except
// for characters that have a meaning here: in inventories and patterns, in words such as user@host:port, in options, for
// shells and terminals.
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

// canFollow reports whether r may follow the first character of a name, in addition to the characters that may begin
// one. Outside of ASCII it accepts all printable characters.
func canFollow(r rune) bool {
	if r > unicode.MaxASCII {
		return r != utf8.RuneError && unicode.IsPrint(r)
	}
	return strings.ContainsRune(".-+/%^~", r)
}

// CheckUser returns an error if name is not valid as a login name.
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

// IsControl reports whether c is a control character other than a tab.
func IsControl(c rune) bool { return c != '\t' && unicode.IsControl(c) }

// AllDigits reports whether text consists of digits, at least one.
func AllDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
