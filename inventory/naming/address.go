package naming

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"sloth-runner/inventory/problems"
)

// SplitHostPort parses host, host:port, [IPv6], [IPv6]:port and a bare IPv6 address. Without a port the port is 0. The
// host is checked.
func SplitHostPort(text string) (host string, port int, err error) {
	host, number := text, ""
	switch _, notAddress := netip.ParseAddr(text); {
	case notAddress == nil:
	case strings.HasPrefix(text, "["):
		inside, after, closed := strings.Cut(text[1:], "]")
		if addr, err := netip.ParseAddr(inside); !closed || err != nil || !addr.Is6() {
			return "", 0, badName("expected an IPv6 address between [ and ]")
		}
		if after != "" && after[0] != ':' {
			return "", 0, fmt.Errorf("expected :port after ]")
		}
		host, number = inside, after
	case strings.Count(text, ":") > 1:
		return "", 0, badName("too many colons; the port of an IPv6 address is given as [address]:port")
	default:
		if colon := strings.IndexByte(text, ':'); colon >= 0 {
			host, number = text[:colon], text[colon:]
		}
	}
	if err := CheckHost(host); err != nil {
		return "", 0, err
	}
	if number != "" {
		port, err = ParsePort(number[1:])
	}
	if err != nil && number != ":" && !AllDigits(number[1:]) {
		return "", 0, badName("%v", err)
	}
	return host, port, err
}

// joinHostPort is the inverse of SplitHostPort. With port 0 it writes neither port nor brackets.
func joinHostPort(host string, port int) string {
	if port == 0 {
		return host
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}

// ParsePort parses a TCP port number.
func ParsePort(text string) (int, error) {
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port == 0 {
		return 0, fmt.Errorf("port %s is not a number from 1 to 65535", problems.Show(text))
	}
	return int(port), nil
}
