package reach

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"sloth-runner/registry"
)

// WithPorts adds the master's usual port to addresses without one.
func WithPorts(addresses []string) ([]string, error) {
	var all []string
	for _, address := range addresses {
		if _, _, err := net.SplitHostPort(address); err != nil {
			address = net.JoinHostPort(strings.Trim(address, "[]"), strconv.Itoa(registry.DefaultPort))
		}
		if _, _, err := net.SplitHostPort(address); err != nil {
			return nil, fmt.Errorf("%q is no address: expected HOST:PORT", address)
		}
		all = append(all, address)
	}
	return all, nil
}
