package sshclient

import (
	"net"
	"strings"
	"syscall"
	"testing"

	"sloth-runner/internal/fault"
	"sloth-runner/sshconfig"
)

// A name that is not there has nothing to do with servers and firewalls.
func TestHintOfUnreached(t *testing.T) {
	for want, err := range map[string]error{
		"check the name":    &net.DNSError{Err: "no such host", Name: "nowhere", IsNotFound: true},
		"check the address": syscall.ECONNREFUSED,
		"ulimit":            &net.DNSError{Err: "too many open files", UnwrapErr: syscall.EMFILE},
	} {
		err := unreached(t.Context(), Host{Host: sshconfig.Host{Name: "web", Address: "nowhere:22"}}, err)
		if hint := fault.Hint(err); !strings.Contains(hint, want) {
			t.Errorf("hint %q of %v does not say %q", hint, err, want)
		}
	}
}
