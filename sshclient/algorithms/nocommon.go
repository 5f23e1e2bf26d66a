package algorithms

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/sshconfig"
)

// NoCommon says what both sides have where they have no algorithm in common, and which option helps.
func NoCommon(err *ssh.AlgorithmNegotiationError, o sshconfig.Settings) *fault.Error {
	f := &fault.Error{
		Stage: fault.Handshake,
		Err: fmt.Errorf("no common algorithm for the %s: the host offers %s; offered to it were %s",
			algorithmUse(err.What), Names(withoutMarkers(err.RequestedAlgorithms)), strings.Join(withoutMarkers(err.SupportedAlgorithms), ", ")),
	}
	list, said := listFor(err.What, o)
	if list.Option == "" {
		return f
	}
	able := list.common(err.RequestedAlgorithms)
	switch {
	case len(able) == 0:
		f.Hint = "none of the host's is known here: its SSH server has to be updated, or configured to offer more"
	case said != "":
		f.Hint = fmt.Sprintf("the option %s of this host is %q: it would have to take %s", list.Option, said, able[0])
	default:
		f.Hint = fmt.Sprintf("the host's are too weak to be offered by themselves; where it can't be updated, --ssh-option %s=+%s takes it all the same, as does %s +%s in ssh_config",
			list.Option, able[0], list.Option, able[0])
	}
	return f
}

// withoutMarkers leaves out what stands in a list of key exchanges and says something else (RFC 8308 and PROTOCOL of OpenSSH).
func withoutMarkers(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return strings.HasPrefix(name, "ext-info-") || strings.HasPrefix(name, "kex-strict-")
	})
}

// algorithmUse is what x/crypto/ssh says that an algorithm is for, in the words of ssh_config(5).
func algorithmUse(what string) string { return strings.TrimPrefix(what, "client to server ") }

// listFor returns the list of an algorithm's use, and what the host's options say of it.
func listFor(what string, o sshconfig.Settings) (list List, said string) {
	kex, ciphers, macs := wireLists()
	switch {
	case what == "key exchange":
		return kex, o.KexAlgorithms
	case what == "host key":
		return HostKeys(), o.HostKeyAlgorithms
	case strings.HasSuffix(what, "cipher"):
		return ciphers, o.Ciphers
	case strings.HasSuffix(what, "MAC"):
		return macs, o.MACs
	}
	return List{}, ""
}

// common are the names that are known here, of those that a host has; in our order.
func (l List) common(theirs []string) []string {
	return slices.DeleteFunc(slices.Clone(l.All), func(name string) bool { return !slices.Contains(theirs, name) })
}

// Names are the names that a host has sent, for an error: not more of them, and not longer, than a server has that is
// in its right mind. What is left out is counted.
func Names(names []string) string {
	const most, longest = 30, 64
	var said []string
	for _, name := range names[:min(most, len(names))] {
		if len(name) > longest {
			name = name[:longest] + "…"
		}
		if quoted := fmt.Sprintf("%q", name); quoted != `"`+name+`"` || strings.ContainsAny(name, " ,") {
			name = quoted
		}
		said = append(said, name)
	}
	text := strings.Join(said, ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if text == "" {
		return "none"
	}
	return text
}
