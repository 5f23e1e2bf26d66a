package hostkeys

import "sloth-runner/sshconfig"

// Policy is what happens with the key of a host that is not known yet.
type Policy string

const (
	// Strict refuses it, as StrictHostKeyChecking=yes in ssh_config(5).
	Strict Policy = "strict"
	// AcceptNew adds it to the first known_hosts file, as StrictHostKeyChecking=accept-new.
	AcceptNew Policy = "accept-new"
	// Ask refuses it too: a person is to be asked before, with Unknown and Learn.
	Ask Policy = "ask"
	// noCheck is StrictHostKeyChecking=no, which only a host can have: a key that has changed is accepted as well, and
	// then no password is sent.
	noCheck Policy = "no"
)

// said is the policy that a host may ask for, by the words of ssh_config(5).
func said(checking string) (policy Policy, ok bool) {
	switch checking {
	case "yes":
		return Strict, true
	case "accept-new":
		return AcceptNew, true
	case "ask":
		return Ask, true
	case "no", "off":
		return noCheck, true
	}
	return "", false
}

// PolicyOf returns the policy for a host.
func (h *Checker) PolicyOf(o sshconfig.Settings) Policy {
	if h.policy != "" {
		return h.policy
	}
	if policy, ok := said(o.StrictHostKeyChecking); ok {
		return policy
	}
	if h.Unsaid != "" {
		return h.Unsaid
	}
	return Strict
}
