package sshargs

import (
	"fmt"
	"strings"

	"sloth-runner/inventory/problems"
)

// forward adds a forwarding in the syntax of ssh_config(5), which has a space between the two ends where -L and -R have
// a colon.
func (a *Args) forward(name, text string) error {
	fields := forwardFields(text)
	isSocket := func(i int) bool { return strings.HasPrefix(fields[i], "/") }
	listens := 0 // how many of the fields are the address to listen on
	switch n := len(fields); {
	case name == "DynamicForward" || name == "RemoteForward" && (n == 1 || n == 2 && !isSocket(1)):
		if n > 2 {
			return fmt.Errorf("expected [address:]port instead of %s", problems.Show(text))
		}
		listens = n
	case n == 4:
		listens = 2
	case n == 3 && isSocket(2) && !isSocket(0):
		listens = 2
	case n == 2 || n == 3:
		listens = 1
	default:
		return fmt.Errorf("expected [address:]port:host:port, or paths of sockets, instead of %s", problems.Show(text))
	}
	option := name + "=" + quoteOption(strings.Join(fields[:listens], ":"))
	if to := fields[listens:]; len(to) > 0 {
		option += " " + quoteOption(strings.Join(to, ":"))
	}
	a.Options = append(a.Options, option)
	return nil
}

// forwardFields splits a forwarding at its colons, except those in brackets and those escaped with a backslash.
func forwardFields(text string) []string {
	var fields []string
	begin, inBrackets := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '[' || c == ']':
			inBrackets = c == '['
		case c == ':' && !inBrackets:
			fields = append(fields, text[begin:i])
			begin = i + 1
		}
	}
	return append(fields, text[begin:])
}
