package sshconfig

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// jumpHost is one entry of ProxyJump.
type jumpHost struct {
	user, host string
	port       int
}

// String returns the entry in a form that parses to the same value.
func (j jumpHost) String() string {
	name := j.host
	if j.port != 0 {
		if strings.Contains(name, ":") {
			name = "[" + name + "]"
		}
		name = fmt.Sprintf("%s:%d", name, j.port)
	}
	if j.user != "" {
		name = j.user + "@" + name
	}
	return name
}

// maxJumps limits the jump hosts of a route. OpenSSH has no limit; more of them are a mistake.
const maxJumps = 16

// parseJumps reads a list of [user@]host[:port] and ssh:// addresses, the first hop first. For none the list is empty.
func parseJumps(list string) ([]jumpHost, error) {
	list, _, _ = strings.Cut(list, "#")
	list = strings.TrimRight(list, blank)
	if list == "" || strings.EqualFold(list, "none") {
		return nil, nil
	}
	var jumps []jumpHost
	for entry := range strings.SplitSeq(list, ",") {
		jump, err := parseJump(entry)
		if err != nil {
			return nil, fmt.Errorf("expected [user@]host[:port] instead of %s: %w", show(entry), err)
		}
		jumps = append(jumps, jump)
	}
	if len(jumps) > maxJumps {
		return nil, fmt.Errorf("expected at most %d hosts", maxJumps)
	}
	return jumps, nil
}

func parseJump(entry string) (j jumpHost, err error) {
	if rest, found := strings.CutPrefix(entry, "ssh://"); found {
		rest = strings.TrimSuffix(rest, "/")
		if entry, err = url.PathUnescape(rest); err != nil || strings.Contains(entry, "/") {
			return j, errors.New("it is not an address")
		}
	}
	if at := strings.LastIndexByte(entry, '@'); at >= 0 {
		if j.user, entry = entry[:at], entry[at+1:]; j.user == "" {
			return j, errors.New("the user is missing")
		}
		if strings.Contains(j.user, ":") {
			return j, errors.New("a colon can't be in a user")
		}
	}
	number := ""
	if inside, found := strings.CutPrefix(entry, "["); found {
		if j.host, number, found = strings.Cut(inside, "]"); !found {
			return j, errors.New("expected ] after the address")
		}
		if number != "" && number[0] != ':' {
			return j, errors.New("expected :port after ]")
		}
	} else if _, err := netip.ParseAddr(entry); err == nil {
		j.host = entry
	} else if colon := strings.LastIndexByte(entry, ':'); colon >= 0 {
		j.host, number = entry[:colon], entry[colon:]
	} else {
		j.host = entry
	}
	if number != "" {
		if j.port, err = parsePort(number[1:]); err != nil {
			return j, err
		}
	}
	_, notAddress := netip.ParseAddr(j.host)
	if strings.ContainsAny(j.host, "[]/") || notAddress != nil && strings.Contains(j.host, ":") {
		return j, errors.New("it is neither a name nor an address")
	}
	return j, checkName(j.host, "host")
}

// checkName refuses names that are dangerous in a command line. The rule is the one of OpenSSH 9.6 for hosts and users
// from its command line. what names the kind of name in the error.
func checkName(name, what string) error {
	if name == "" {
		return fmt.Errorf("the %s is missing", what)
	}
	if name[0] == '-' {
		return fmt.Errorf("a %s can't begin with -", what)
	}
	const refused = "'`\"$\\;&<>|(){}"
	for _, r := range name {
		if r <= ' ' || r == 0x7f || strings.ContainsRune(refused, r) {
			return fmt.Errorf("%q can't be in a %s, which has no blanks and none of %s", r, what, refused)
		}
	}
	return nil
}
