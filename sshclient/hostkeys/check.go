package hostkeys

import (
	"fmt"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/pubkey"
	"sloth-runner/sshconfig"
)

// Check decides about a key. untrusted says that it was accepted without being right, by the user's own wish: the
// host must get no secrets.
func (h *Checker) Check(host sshconfig.Host, key ssh.PublicKey) (untrusted bool, err error) {
	list := h.list(host.Settings)
	of := list.about(host)
	revoked, err := h.revokedOf(host.RevokedHostKeys)
	if err != nil {
		return false, err
	}
	of.revoked = append(of.revoked, revoked...)
	if err := of.checkRevoked(key); err != nil {
		return false, err
	}
	var unfit string
	if certificate, ok := key.(*ssh.Certificate); ok {
		if err = of.checkCertificate(host, certificate); err == nil {
			return false, nil
		}
		// Its plain key may be known all the same; so thinks ssh(1).
		unfit = fmt.Sprintf("; its certificate is of no use: %v", err)
		key = certificate.Key
	}
	policy := h.PolicyOf(host.Settings)
	switch {
	case has(of.keys, key) != nil || has(of.portless, key) != nil:
		return false, nil
	case len(of.keys) > 0 && policy == noCheck:
		h.notice("the host key of " + host.Name + " has changed, and StrictHostKeyChecking is no: going on without passwords")
		return true, nil
	case len(of.keys) > 0:
		return false, changedKey(host, key, of.keys)
	case policy == AcceptNew:
		return false, list.accept(host, key, true)
	case policy == noCheck:
		h.warnOnce(host)
		return false, list.accept(host, key, false)
	case list.accepted(host, key):
		return false, nil
	}
	if err := list.conflict(host, key); err != nil {
		return false, err
	}
	return false, list.unknownKey(key, unfit, policy == Ask)
}

// checkRevoked refuses a key that is revoked, and a certificate of such a key or by such an authority.
func (k known) checkRevoked(key ssh.PublicKey) error {
	keys := []ssh.PublicKey{key}
	if certificate, ok := key.(*ssh.Certificate); ok {
		keys = []ssh.PublicKey{certificate.Key, certificate.SignatureKey}
	}
	for _, key := range keys {
		if line := has(k.revoked, key); line != nil {
			return &fault.Error{Stage: fault.Handshake, Err: fmt.Errorf("host key %s is revoked in %s", pubkey.Fingerprint(key), line.at())}
		}
	}
	return nil
}
