package hostkeys

import (
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"sloth-runner/sshclient/algorithms"
	"sloth-runner/sshconfig"
)

// Algorithms returns the host key algorithms to ask for: first those of the keys that are known for the host, so that one
// with several keys presents one of them. The others follow, because a host that has none of these must come to be
// checked as well, and be refused for its other key. Certificates are asked for only where an authority is known, and
// then before all: a host with a certificate has a plain key too.
func (h *Checker) Algorithms(host sshconfig.Host) ([]string, error) {
	of := h.list(host.Settings).about(host)
	var asked []string
	add := func(names ...string) {
		for _, name := range names {
			if !slices.Contains(asked, name) {
				asked = append(asked, name)
			}
		}
	}
	usual := algorithms.HostKeys().Usual
	for _, name := range usual {
		if len(of.authorities) > 0 && isCertificate(name) {
			add(name)
		}
	}
	for _, line := range slices.Concat(of.keys, of.portless) {
		if line.key.Type() == ssh.KeyAlgoRSA {
			// A key of this type signs with any of three algorithms (RFC 8332, section 2).
			add(ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
		}
		add(line.key.Type())
	}
	for _, name := range usual {
		if !isCertificate(name) {
			add(name)
		}
	}
	return permitted(asked, host.HostKeyAlgorithms)
}

func isCertificate(algorithm string) bool { return strings.Contains(algorithm, "-cert-") }

// permitted applies HostKeyAlgorithms to what would be asked for. The order stays: what is known goes first. Certificates
// that no authority vouches for are asked for only where nothing else is allowed.
func permitted(ask []string, said string) ([]string, error) {
	chosen, err := algorithms.HostKeys().Choose(said)
	if err != nil || chosen == nil {
		return ask, err
	}
	some := slices.DeleteFunc(ask, func(name string) bool { return !slices.Contains(chosen, name) })
	for _, name := range chosen {
		if !isCertificate(name) && !slices.Contains(some, name) {
			some = append(some, name)
		}
	}
	if len(some) == 0 {
		return chosen, nil
	}
	return some, nil
}
