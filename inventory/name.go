package inventory

import (
	"fmt"
	"net/netip"
	"unicode"
	"unicode/utf8"
)

// maxName is the longest name of a host or group, in bytes. The longest name in DNS has 253.
const maxName = 255

// checkHost tells why name can't be a host's: it must be an IP address, or look like a name of DNS.
func checkHost(name string) error {
	addr, err := netip.ParseAddr(name)
	switch {
	case err != nil:
		return checkName(name)
	case addr.Zone() != "":
		return checkName(addr.Zone()) // ParseAddr takes anything
	default:
		return nil
	}
}

// checkName tells why name can't be a host's or a group's. The characters allowed are so few because the others
// have a meaning: in patterns, in URLs, in paths, for terminals.
func checkName(name string) error {
	if name == "" {
		return fmt.Errorf("the name is missing")
	}
	if len(name) > maxName {
		return fmt.Errorf("the name is longer than %d bytes", maxName)
	}
	for i, r := range name {
		letter := r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || i > 0 && unicode.Is(unicode.Mn, r))
		if !letter && (i == 0 || r != '-' && r != '.') {
			return fmt.Errorf("%q can't be in this place of a name", r)
		}
	}
	return nil
}

// checkUser tells why name can't be a login name.
func checkUser(name string) error {
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

// printable reports whether text is valid UTF-8 without control and invisible characters.
func printable(text string) bool {
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
