package sshclient

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"golang.org/x/crypto/ssh"

	"sloth-runner/internal/fault"
	"sloth-runner/sshclient/algorithms"
)

// wrapCause makes an error of x/crypto/ssh a fault with stage, cause and hint.
func (h *handshake) wrapCause(err error) error {
	f := &fault.Error{Stage: h.reached(), Host: h.host.Name}
	ungreeted := f.Stage == fault.Handshake && !h.wire.greeted.Load()
	login := h.host.User + "@" + h.host.Address
	var known *fault.Error
	var uncommon *ssh.AlgorithmNegotiationError
	switch {
	case errors.As(err, &uncommon):
		no := algorithms.NoCommon(uncommon, h.host.Settings)
		f.Err, f.Hint = no.Err, no.Hint
	case errors.As(err, &known):
		f.Err, f.Hint = known.Err, known.Hint
		switch {
		case known.Stage != 0:
			f.Stage = known.Stage
		case ungreeted: // a proxy command has no stage of its own
			f.Stage = fault.Connect
		}
	case ungreeted && fault.IsTimeout(err):
		f.Err = errors.New("connected, but no SSH banner came" + h.wire.quotedSaid() + h.quotedNotes())
		f.Hint = "is it an SSH server that listens there?"
		if h.route.said != nil {
			f.Hint = "if the proxy command waits for something, --connect-timeout gives it longer; or try it by itself"
		}
	case fault.IsTimeout(err):
		f.Err = errors.New("no answer in time" + h.quotedNotes())
		f.Hint = "the host may be overloaded; --connect-timeout gives it longer"
	case ungreeted && h.wire.busy():
		f.Err = errors.New("the server closed the connection before its banner" + h.wire.quotedSaid())
		f.Hint = "too many connections at once (MaxStartups in its sshd_config), or it denies this address; --forks N makes fewer at once"
		f.Temporary = true
	case ungreeted:
		f.Err = errors.New("what listens there is no SSH server; it said" + h.wire.quotedSaid())
		f.Hint = "check the address and the port"
	case tooMany(err):
		f.Err = fmt.Errorf("%s: the server allows fewer tries than were made (%s)", login, h.login.offered())
		f.Hint = h.login.advice("name the right key with -k FILE, which is offered first; IdentitiesOnly=yes leaves out the other keys of the ssh-agent, and IdentityAgent=none all of them (--ssh-option)")
	// x/crypto/ssh takes the end of the connection for a refused key, and goes on with the next one.
	case f.Stage == fault.Authenticate && h.waited && (isClosed(err) || h.wire.ended()):
		f.Err = errKeptWaiting
		f.Hint = "it gives a login less time than that took (LoginGraceTime in its sshd_config)"
	case h.login.allowed != nil:
		f.Err = errors.New(h.login.denied())
		f.Hint = h.login.advice("name the right key with -k FILE and the right user with -u USER, or add the key to the ssh-agent")
	case errors.Is(err, net.ErrClosed) && h.wire.ended():
		f.Err = ErrClosed
	default:
		f.Err = fault.Plain(err)
	}
	return f
}

// errKeptWaiting is the error of a login during which the user was asked for longer than the server waits. The answer is kept,
// so that another try needs no question.
var errKeptWaiting = errors.New("the server closed the connection while a person was asked")

func isClosed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// tooMany reports whether the server ended the connection after too many tries (MaxAuthTries in sshd_config(5)). The text is
// that of OpenSSH; x/crypto/ssh does not export the type of the message.
func tooMany(err error) bool {
	return err != nil && strings.Contains(err.Error(), "Too many authentication failures")
}
