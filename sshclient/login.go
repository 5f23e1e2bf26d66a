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

// login authenticates at a host, as ssh(1) does, by each of the methods in their order. It belongs to the goroutine of the
// handshake of one connection.
type login struct {
	ctx      context.Context
	host     Host
	password secret.Text
	trials   *credential.Trials
	untimed  identity.Untimed

	signers  []ssh.Signer
	left     []ssh.Signer // those that were not offered yet
	problems []error      // why keys or the password could not be used
	// last is the method of the current try.
	last string
	// failed and partial count the tries that have failed, and those that have succeeded without being enough.
	failed, partial int
	// steps are the successful steps, where the host wants several.
	steps []step
	// signed is the last key that has signed.
	signed ssh.Signer
	// spent is the method by which the password was sent; "": it was not sent.
	spent string
	// open is set while other hosts wait for the verdict on the password.
	open, refused, answered bool
	// allowed are the methods that the host still took when nothing was left to try; nil: something was.
	allowed []string
}

const (
	byKey      = "publickey"
	byPassword = "password"
	byQuestion = "keyboard-interactive"
)

// usualMethods is the order where the host's options have no other.
var usualMethods = []string{byKey, byPassword, byQuestion}

// methods returns the methods that the host's options allow, in their order.
func (l *login) methods() []string {
	if l.host.Methods != nil {
		return l.host.Methods
	}
	return usualMethods
}

// next is an ssh.ClientAuthCallback.
func (l *login) next(c *ssh.ClientAuthContext) (ssh.AuthMethod, error) {
	l.observe(c)
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

// try returns another try by a method; nil: there is none.
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

// mayReveal decides whether the host gets the password by a method. It gets it once: servers check the same password in both
// methods, so that a second try would be a second refusal for the account. After a success that is not enough, another method
// may send it again.
func (l *login) mayReveal(method string) bool {
	if !l.password.IsSet() || l.spent != "" || l.hasSucceeded(method) {
		return false
	}
	l.spent = method
	var err error
	l.untimed(func() { err = l.trials.Enter(l.ctx, l.credential(), l.host.Name) })
	if err != nil {
		l.problems = append(l.problems, err)
		return false
	}
	l.open = true
	return true
}

func (l *login) credential() credential.Key { return l.trials.Key(l.host.User, l.password) }

// answer is an ssh.KeyboardInteractiveChallenge. A single question without echo is taken for the password prompt, in any
// language. Only the user could answer other questions.
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

// quotedQuestions returns the questions of a server, bounded, for an error.
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

// observe records the result of the last try.
func (l *login) observe(c *ssh.ClientAuthContext) {
	failed, partial := len(c.TriedMethods) > l.failed, len(c.PartialSuccessMethods) > l.partial
	l.failed, l.partial = len(c.TriedMethods), len(c.PartialSuccessMethods)
	switch {
	case partial:
		l.succeed()
	case failed && l.last == l.spent && l.open && !l.wasSent():
		// A server whose PAM is off asks nothing: the password was not checked.
		l.problems = append(l.problems, errors.New("the server takes "+byQuestion+", but asked for no password"))
		l.leave(credential.Unknown)
	case failed && l.last == l.spent:
		l.leave(credential.Refused)
	}
}

// wasSent reports whether the host has got the password. As an answer it is sent only when the host asks for it.
func (l *login) wasSent() bool { return l.spent == byPassword || l.answered }

// end records how the handshake has ended.
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

// leave records the verdict on the password, for which other hosts wait. It does nothing when there is one already.
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
