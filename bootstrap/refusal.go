package bootstrap

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
)

// explain turns what x/crypto/ssh says into a fault with its stage.
func (h *handshake) explain(err error) error {
	f := &fault.Error{Stage: h.reached(), Host: h.target.Name}
	ungreeted := f.Stage == fault.Handshake && !h.wire.greeted.Load()
	login := h.target.SSH.User + "@" + h.target.Address
	var known *fault.Error
	switch {
	case errors.As(err, &known):
		f.Err, f.Hint = known.Err, known.Hint
	case ungreeted && fault.IsTimeout(err):
		f.Err = errors.New("connected, but no SSH banner came" + h.wire.quotedSaid())
		f.Hint = "is it an SSH server that listens there?"
	case fault.IsTimeout(err):
		f.Err = errors.New("no answer in time")
		f.Hint = "the host may be overloaded; --connect-timeout gives it longer"
	case ungreeted && h.wire.busy():
		f.Err = errors.New("the server closed the connection before its banner" + h.wire.quotedSaid())
		f.Hint = "too many connections at once (MaxStartups in its sshd_config), or it denies this address; --forks N makes fewer at once"
		f.Temporary = true
	case ungreeted:
		f.Err = errors.New("what listens there is no SSH server; it said" + h.wire.quotedSaid())
		f.Hint = "check the address and the port"
	case tooMany(err):
		f.Err = fmt.Errorf("%s: the server allows fewer keys than were offered (%s)", login, offered(h.signers))
		f.Hint = hint(h.problems, "name the right key with -k FILE, which is offered first")
	case refused(err):
		f.Err = fmt.Errorf("%s: permission denied (%s)", login, offered(h.signers))
		f.Hint = hint(h.problems, "name the right key with -k FILE and the right user with -u USER, or add the key to the ssh-agent")
	default:
		f.Err = fault.Plain(err)
	}
	return f
}

// refused reports whether the server turned down every key. x/crypto/ssh has no error value for it.
func refused(err error) bool { return strings.Contains(err.Error(), "unable to authenticate") }

// tooMany reports whether the server ended the connection for the number of keys (MaxAuthTries in sshd_config(5)). The
// words are those of OpenSSH; x/crypto/ssh does not export the message's type.
func tooMany(err error) bool {
	return strings.Contains(err.Error(), "Too many authentication failures")
}

func offered(signers []ssh.Signer) string {
	if len(signers) == 0 {
		return "no key was found to offer"
	}
	const most = 5
	var keys []string
	for _, signer := range signers[:min(most, len(signers))] {
		keys = append(keys, fingerprint(signer.PublicKey()))
	}
	text := "offered " + strings.Join(keys, ", ")
	if more := len(signers) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// hint is what was wrong with keys, or else the given one.
func hint(problems []error, otherwise string) string {
	if len(problems) == 0 {
		return otherwise
	}
	texts := make([]string, len(problems))
	for i, problem := range problems {
		texts[i] = problem.Error()
	}
	return strings.Join(texts, "; ")
}
