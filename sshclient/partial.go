package sshclient

import (
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/credential"
	"sloth-runner/sshclient/pubkey"
)

// step is a successful step of a login that needs several (AuthenticationMethods in sshd_config(5)).
type step struct {
	method string
	key    ssh.Signer // of publickey
}

// String returns the step for an error: method and key.
func (s step) String() string {
	if s.key == nil {
		return s.method
	}
	return s.method + " (" + pubkey.Fingerprint(s.key.PublicKey()) + ")"
}

// succeed records that the last try has succeeded and that the host wants more steps. As in OpenSSH, everything that has not
// succeeded is offered again: a host that asks for two keys may now take one that it has refused before.
func (l *login) succeed() {
	done := step{method: l.last}
	switch l.last {
	case byKey:
		done.key = l.signed
	case l.spent:
		l.leave(credential.Accepted)
		// The password was accepted: it may be sent once more, by another method.
		l.spent, l.answered = "", false
	}
	l.steps = append(l.steps, done)
	l.left = l.again()
}

// again returns the keys that have not succeeded. Those after the last successful one are first: the host has not seen them.
func (l *login) again() []ssh.Signer {
	next := 0
	for i, signer := range l.signers {
		if l.signed != nil && pubkey.Same(signer.PublicKey(), l.signed.PublicKey()) {
			next = i + 1
		}
	}
	return slices.DeleteFunc(slices.Concat(l.signers[next:], l.signers[:next]), func(signer ssh.Signer) bool {
		return slices.ContainsFunc(l.steps, func(s step) bool { return s.key != nil && pubkey.Same(s.key.PublicKey(), signer.PublicKey()) })
	})
}

func (l *login) hasSucceeded(method string) bool {
	return slices.ContainsFunc(l.steps, func(s step) bool { return s.method == method })
}

// stepNames returns the successful steps, for an error.
func (l *login) stepNames() string {
	names := make([]string, len(l.steps))
	for i, s := range l.steps {
		names[i] = s.String()
	}
	return strings.Join(names, " and ")
}
