package phrase

import (
	"regexp"
	"strings"

	"sloth-runner/runner/state"
	"sloth-runner/view/layout"
)

// localAddress is the operator's side of a connection, as package net writes it in its errors.
var localAddress = regexp.MustCompile(`[0-9a-fA-F.:\[\]%]+:\d+->`)

// WithoutAddress makes the reasons of several hosts comparable: "dial tcp 10.0.0.7:22: connection refused" is the same
// on each of them but for the address.
func WithoutAddress(text string, host *state.Host) string {
	text = localAddress.ReplaceAllString(text, "")
	if address := layout.OneLine(host.Address); strings.Contains(address, ":") {
		text = strings.ReplaceAll(text, address, "HOST")
	}
	return text
}
