package sshclient

import (
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/credential"
	"sloth-runner/sshclient/pubkey"
)

// step is one of several that a host wants (AuthenticationMethods in sshd_config(5)), which has succeeded.
type step struct {
	method string
	key    ssh.Signer // of publickey
}

// String names the step as an error has it.
func (s step) String() string {
	if s.key == nil {
		return s.method
	}
	return s.method + " (" + pubkey.Fingerprint(s.key.PublicKey()) + ")"
}

// succeed notes that the last try has succeeded and that the host wants more. All that has not succeeded is there again, as
// in OpenSSH: a host that asks for two keys may take one now that it did not take first.
func (l *login) succeed() {
	done := step{method: l.last}
	switch l.last {
	case byKey:
		done.key = l.signed
	case l.spent:
		l.leave(credential.Accepted)
		// What has accepted the password may get it once more, by another method.
		l.spent, l.answered = "", false
	}
	l.steps = append(l.steps, done)
	l.left = l.again()
}

// again are the keys that have not succeeded: first those behind the last one that did, which the host has not seen.
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

// stepsSaid are the steps that have succeeded, for an error.
func (l *login) stepsSaid() string {
	names := make([]string, len(l.steps))
	for i, s := range l.steps {
		names[i] = s.String()
	}
	return strings.Join(names, " and ")
}
