package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"sloth-runner/inventory"
)

// login offers a host what there is to authenticate with: keys, then the password, as ssh(1) does. It belongs to one
// connection, and to the goroutine of its handshake.
type login struct {
	ctx       context.Context
	host      inventory.Hop
	password  inventory.Secret
	passwords *passwords
	patiently patience

	signers  []ssh.Signer
	left     []ssh.Signer // those that the host was not offered
	problems []error      // what could not be used, and why
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

// next is an ssh.ClientAuthCallback.
func (l *login) next(c *ssh.ClientAuthContext) (ssh.AuthMethod, error) {
	l.judge(c)
	takes := func(method string) bool { return slices.Contains(c.AllowedMethods, method) }
	switch {
	case takes(byKey) && len(l.left) > 0:
		return l.keys(), nil
	case takes(byPassword) && l.mayReveal(byPassword):
		return ssh.PasswordCallback(func() (string, error) { return l.password.Reveal(), nil }), nil
	case takes(byQuestion) && l.mayReveal(byQuestion):
		return ssh.KeyboardInteractive(l.answer), nil
	}
	l.allowed = append([]string{}, c.AllowedMethods...)
	return nil, nil
}

// keys offers the keys that are left.
func (l *login) keys() ssh.AuthMethod {
	keys := l.left
	l.left = nil
	watched := make([]ssh.Signer, 0, len(keys))
	for i, key := range keys {
		if able, ok := key.(ssh.AlgorithmSigner); ok {
			watched = append(watched, sameWays(able, &watchedSigner{able, func(err error) {
				// The method ends with a key that can't sign. What stands behind it is another try.
				l.problems = append(l.problems, err)
				l.left = keys[i+1:]
			}}))
		}
	}
	return ssh.PublicKeys(watched...)
}

// sameWays lets watched sign by the algorithms that the key in it is restricted to.
func sameWays(key ssh.AlgorithmSigner, watched *watchedSigner) ssh.Signer {
	if restricted, ok := key.(ssh.MultiAlgorithmSigner); ok {
		if signer, err := ssh.NewSignerWithAlgorithms(watched, restricted.Algorithms()); err == nil {
			return signer
		}
	}
	return watched
}

// watchedSigner tells when it fails.
type watchedSigner struct {
	ssh.AlgorithmSigner
	failed func(error)
}

func (s *watchedSigner) Sign(random io.Reader, data []byte) (*ssh.Signature, error) {
	return s.SignWithAlgorithm(random, data, "")
}

// SignWithAlgorithm implements ssh.AlgorithmSigner.
func (s *watchedSigner) SignWithAlgorithm(random io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	signature, err := s.AlgorithmSigner.SignWithAlgorithm(random, data, algorithm)
	if err != nil {
		s.failed(err)
	}
	return signature, err
}

// mayReveal decides if the host gets the password, by a method. It gets it once: servers check the same one in both
// methods, so that a second try would be a second refusal on the account.
func (l *login) mayReveal(method string) bool {
	if !l.password.IsSet() || l.spent != "" {
		return false
	}
	l.spent = method
	var err error
	l.patiently(func() { err = l.passwords.enter(l.ctx, credentialOf(l.host.SSH.User, l.password), l.host.Name) })
	if err != nil {
		l.problems = append(l.problems, err)
		return false
	}
	l.open = true
	return true
}

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
	l.leave(unheard)
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

// judge notices what the host said to the password.
func (l *login) judge(c *ssh.ClientAuthContext) {
	switch {
	case slices.Contains(c.PartialSuccessMethods, l.spent):
		l.leave(accepted)
	case slices.Contains(c.TriedMethods, l.spent) && l.open && !l.wasSent():
		// A server whose PAM is off has nothing to ask: that says nothing of the password.
		l.problems = append(l.problems, errors.New("the server takes "+byQuestion+", but asked for no password"))
		l.leave(unheard)
	case slices.Contains(c.TriedMethods, l.spent):
		l.leave(refused)
	}
}

// wasSent reports whether the host has seen the password: as an answer, it has to be asked for.
func (l *login) wasSent() bool { return l.spent == byPassword || l.answered }

// end tells how the handshake ended.
func (l *login) end(err error) {
	switch {
	case err == nil:
		l.leave(accepted)
	case tooMany(err):
		l.leave(refused)
	default:
		l.leave(unheard)
	}
}

// leave lets others try the password, or not. It does nothing when that was said before.
func (l *login) leave(said verdict) {
	if !l.open {
		return
	}
	l.open = false
	if said == refused {
		l.refused = true
		l.problems = append(l.problems, errors.New("the password is wrong for "+l.host.SSH.User))
	}
	l.passwords.leave(credentialOf(l.host.SSH.User, l.password), l.host.Name, said)
}

// offered says what the host got to see.
func (l *login) offered() string {
	text := "no key was found to offer"
	if len(l.signers) > 0 {
		text = "offered " + fingerprints(l.signers)
	}
	if l.refused {
		text += "; the password was refused"
	}
	return text
}

func fingerprints(signers []ssh.Signer) string {
	const most = 5
	var keys []string
	for _, signer := range signers[:min(most, len(signers))] {
		keys = append(keys, fingerprint(signer.PublicKey()))
	}
	text := strings.Join(keys, ", ")
	if more := len(signers) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// advice is what to do when the host has refused everything: what was wrong with keys, or else the given words.
func (l *login) advice(otherwise string) string {
	if len(l.problems) == 0 {
		if !l.password.IsSet() && (slices.Contains(l.allowed, byPassword) || slices.Contains(l.allowed, byQuestion)) {
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
