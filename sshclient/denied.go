package sshclient

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"sloth-runner/sshclient/algorithms"
	"sloth-runner/sshclient/pubkey"
)

// denied returns the text for a host that has refused everything, with the steps that have succeeded.
func (l *login) denied() string {
	login := l.host.User + "@" + l.host.Address
	if len(l.steps) == 0 {
		return fmt.Sprintf("%s: permission denied (%s)", login, l.offered())
	}
	return fmt.Sprintf("%s: permission denied: %s succeeded, and the server wants %s as well (%s)",
		login, l.stepNames(), algorithms.Names(l.allowed), l.offered())
}

// offered returns what was offered to the host.
func (l *login) offered() string {
	text := "no key was found to offer"
	switch {
	case !slices.Contains(l.methods(), byKey):
		text = "keys are turned off by PubkeyAuthentication or PreferredAuthentications"
	case len(l.signers) > 0:
		text = "offered " + fingerprints(l.signers)
	}
	if l.refused {
		text += "; the password was refused"
	}
	if l.host.PasswordProblem != "" && l.lacksPassword() {
		text += "; the password is not known: " + l.host.PasswordProblem
	}
	return text
}

func fingerprints(signers []ssh.Signer) string {
	const most = 5
	var keys []string
	for _, signer := range signers[:min(most, len(signers))] {
		keys = append(keys, pubkey.Fingerprint(signer.PublicKey()))
	}
	text := strings.Join(keys, ", ")
	if more := len(signers) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// advice returns what to do when the host has refused everything: the problems with keys and passwords, or else the given text.
func (l *login) advice(otherwise string) string {
	if unused := l.turnedOff(); len(unused) > 0 {
		otherwise = fmt.Sprintf("the server takes %s, which the options of the host turn off (%s)", strings.Join(unused, " and "),
			"PubkeyAuthentication, PasswordAuthentication, KbdInteractiveAuthentication, PreferredAuthentications")
	}
	if len(l.problems) == 0 {
		if l.lacksPassword() {
			otherwise += "; it takes passwords too: --ask-pass"
		}
		return otherwise
	}
	texts := make([]string, len(l.problems))
	for i, problem := range l.problems {
		texts[i] = problem.Error()
	}
	return strings.Join(texts, "; ")
}

// lacksPassword reports whether the host takes a password and there is none.
func (l *login) lacksPassword() bool {
	return !l.password.IsSet() && (l.couldTake(byPassword) || l.couldTake(byQuestion))
}

// couldTake reports whether a method is allowed on both sides.
func (l *login) couldTake(method string) bool {
	return slices.Contains(l.allowed, method) && slices.Contains(l.methods(), method) && !l.hasSucceeded(method)
}

// turnedOff returns the methods that the host takes and that could be tried, but that its options turn off.
func (l *login) turnedOff() []string {
	var methods []string
	for _, method := range usualMethods {
		have := method == byKey || method != byKey && l.password.IsSet() && l.spent == ""
		if have && slices.Contains(l.allowed, method) && !slices.Contains(l.methods(), method) {
			methods = append(methods, method)
		}
	}
	return methods
}

// errOldSignature is the problem of a server that takes only SHA-1 signatures of RSA keys. OpenSSH does not make them either.
var errOldSignature = errors.New("the server takes RSA keys only with SHA-1 signatures, which are not made by themselves: " +
	"use another key, or --ssh-option PubkeyAcceptedAlgorithms=+ssh-rsa")

// wantsOldSignature reports whether keys were not offered because the server takes no common signature algorithm. x/crypto/ssh
// does not export the type of that error.
func wantsOldSignature(err error) bool {
	return err != nil && strings.Contains(err.Error(), "no common public key signature algorithm")
}
