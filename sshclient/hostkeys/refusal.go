package hostkeys

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/pubkey"
	"sloth-runner/sshconfig"
)

func changedKey(host sshconfig.Host, key ssh.PublicKey, want []knownLine) error {
	known := make([]string, len(want))
	for i, line := range want {
		known[i] = fmt.Sprintf("%s (%s)", pubkey.Fingerprint(line.key), line.at())
	}
	return &fault.Error{
		Stage: fault.Handshake,
		Err:   fmt.Errorf("host key has changed: known is %s; the host presents %s", strings.Join(known, ", "), pubkey.Fingerprint(key)),
		Hint: fmt.Sprintf("the connection may be intercepted; if the host was set up anew, remove the old key: ssh-keygen -f %s -R '%s'",
			want[0].file, Name(host)),
	}
}

// ErrUnknown is of a key that nothing is known about.
var ErrUnknown = errors.New("host key is not known")

// unknownKey is the refusal of such a key. unasked says that a person was to be asked about it, which did not happen: there
// is no terminal, or the host did not answer then.
func (l *knownList) unknownKey(key ssh.PublicKey, unfit string, unasked bool) error {
	where := ""
	if l.learn != "" {
		where = "add it to " + l.learn + ", "
	}
	ask, before := "answer --host-key ask", ""
	if unasked {
		ask, before = "answer --host-key ask on a terminal", "nobody was asked; "
	}
	return &fault.Error{
		Stage: fault.Handshake,
		Err:   fmt.Errorf("%w: %s%s", ErrUnknown, pubkey.Fingerprint(key), unfit),
		Hint:  before + "compare the fingerprint with the host's, then " + where + ask + ", or accept all new keys with --host-key accept-new",
	}
}
