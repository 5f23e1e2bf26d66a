package phrase

import (
	"net"
	"strings"

	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
)

// Whereabouts is where a host is, as lines about it write it: its address, as in the specification, and for a host that is
// reached over SSH its name as well, unless that is the address.
func Whereabouts(host *state.Host) string {
	address := layout.Bounded(FirstOf(host.Address, host.Name), NameWidth)
	if !host.SSH || namesAddress(host.Name, host.Address) {
		return address
	}
	return layout.Bounded(host.Name, NameWidth) + " (" + address + ")"
}

// namesAddress reports whether a name, as user@host or ssh://host:port, has the host of the address in it.
func namesAddress(name, address string) bool {
	name = strings.TrimPrefix(name, "ssh://")
	name = name[strings.LastIndexByte(name, '@')+1:]
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	return name == address || name == host || strings.Trim(name, "[]") == host
}
