package sshclient

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/credential"
	"sloth-runner/internal/secret"
	"sloth-runner/sshclient/identity"
)

// login offers a host what there is to authenticate with, as ssh(1) does: by each of the methods in their order. It belongs
// to one connection, and to the goroutine of its handshake.
type login struct {
	ctx       context.Context
	host      Host
	password  secret.Text
	trials    *credential.Trials
	patiently identity.Patience

	signers  []ssh.Signer
	left     []ssh.Signer // those that the host was not offered
	problems []error      // what could not be used, and why
	// last is the method of the try that is under way.
	last string
	// failed and partial are how many tries have failed, and have succeeded without being enough.
	failed, partial int
	// steps are what has succeeded so far, where the host wants several steps.
	steps []step
	// signed is the key that has signed last.
	signed ssh.Signer
	// spent is the method by which the password was sent; "": it was not.
	spent string
	// open is set while others wait for what the host says to the password.
	open, refused, answered bool
	// allowed are the methods that the host still took when nothing was left; nil: it did not come to that.
	allowed []string
}

const (
	byKey      = "publickey"
	byPassword = "password"
	byQuestion = "keyboard-interactive"
)

// usualMethods is the order where the host's options have no other.
var usualMethods = []string{byKey, byPassword, byQuestion}

// methods are those that the host's options allow, in their order.
func (l *login) methods() []string {
	if l.host.Methods != nil {
		return l.host.Methods
	}
	return usualMethods
}

// next is an ssh.ClientAuthCallback.
func (l *login) next(c *ssh.ClientAuthContext) (ssh.AuthMethod, error) {
	l.judge(c)
	for _, method := range l.methods() {
		if !slices.Contains(c.AllowedMethods, method) {
			continue
		}
		if try := l.try(method); try != nil {
			l.last = method
			return try, nil
		}
	}
	l.last = ""
	l.allowed = append([]string{}, c.AllowedMethods...)
	return nil, nil
}

// try is another try by a method; nil: there is nothing to try.
func (l *login) try(method string) ssh.AuthMethod {
	switch {
	case method == byKey && len(l.left) > 0:
		return l.keys()
	case method == byPassword && l.mayReveal(byPassword):
		return ssh.PasswordCallback(func() (string, error) { return l.password.Reveal(), nil })
	case method == byQuestion && l.mayReveal(byQuestion):
		return ssh.KeyboardInteractive(l.answer)
	}
	return nil
}

// mayReveal decides if the host gets the password, by a method. It gets it once: servers check the same one in both
// methods, so that a second try would be a second refusal on the account. After a success, which is not enough, it may be
// asked for by another method.
func (l *login) mayReveal(method string) bool {
	if !l.password.IsSet() || l.spent != "" || l.hasSucceeded(method) {
		return false
	}
	l.spent = method
	var err error
	l.patiently(func() { err = l.trials.Enter(l.ctx, l.credential(), l.host.Name) })
	if err != nil {
		l.problems = append(l.problems, err)
		return false
	}
	l.open = true
	return true
}

func (l *login) credential() credential.Key { return l.trials.Key(l.host.User, l.password) }

// answer is an ssh.KeyboardInteractiveChallenge. A single question whose answer is not to be seen is taken for that
// after the password, whatever its words and their language; only a person can answer others.
func (l *login) answer(_, _ string, questions []string, echos []bool) ([]string, error) {
	switch {
	case len(questions) == 0:
		return nil, nil
	case len(questions) == 1 && !echos[0] && !l.answered:
		l.answered = true
		return []string{l.password.Reveal()}, nil
	}
	err := fmt.Errorf("the server asks %s, which can't be answered here", quotedQuestions(questions))
	l.problems = append(l.problems, err)
	l.leave(credential.Unknown)
	return nil, err
}

// quotedQuestions bounds what a server says.
func quotedQuestions(questions []string) string {
	const most, longest = 3, 60
	var quoted []string
	for _, question := range questions[:min(most, len(questions))] {
		question = strings.TrimSpace(question)
		if len(question) > longest {
			question = question[:longest] + "…"
		}
		quoted = append(quoted, fmt.Sprintf("%q", strings.ToValidUTF8(question, "\uFFFD")))
	}
	return strings.Join(quoted, " and ")
}

// judge notices what the host said to the last try.
func (l *login) judge(c *ssh.ClientAuthContext) {
	failed, partial := len(c.TriedMethods) > l.failed, len(c.PartialSuccessMethods) > l.partial
	l.failed, l.partial = len(c.TriedMethods), len(c.PartialSuccessMethods)
	switch {
	case partial:
		l.succeed()
	case failed && l.last == l.spent && l.open && !l.wasSent():
		// A server whose PAM is off has nothing to ask: that says nothing of the password.
		l.problems = append(l.problems, errors.New("the server takes "+byQuestion+", but asked for no password"))
		l.leave(credential.Unknown)
	case failed && l.last == l.spent:
		l.leave(credential.Refused)
	}
}

// wasSent reports whether the host has seen the password: as an answer, it has to be asked for.
func (l *login) wasSent() bool { return l.spent == byPassword || l.answered }

// end tells how the handshake ended.
func (l *login) end(err error) {
	if wantsOldSignature(err) {
		l.problems = append(l.problems, errOldSignature)
	}
	switch {
	case err == nil:
		l.leave(credential.Accepted)
	case tooMany(err):
		l.leave(credential.Refused)
	default:
		l.leave(credential.Unknown)
	}
}

// leave lets others try the password, or not. It does nothing when that was said before.
func (l *login) leave(said credential.Verdict) {
	if !l.open {
		return
	}
	l.open = false
	if said == credential.Refused {
		l.refused = true
		l.problems = append(l.problems, errors.New("the password is wrong for "+l.host.User))
	}
	l.trials.Leave(l.credential(), l.host.Name, said)
}
