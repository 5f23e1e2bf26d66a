package become

import (
	"errors"
	"os"
	"strings"

	"sloth-runner/proto"
)

// refusal is why a user can't be become, and at which step.
type refusal struct {
	step proto.BecomeChanged_Step
	err  error
	// words are the messages of the method's program, and state is how it ended; nil: it did not.
	words string
	state *os.ProcessState
}

func (r *refusal) Error() string { return r.err.Error() }

func (r *refusal) Unwrap() error { return r.err }

// stepOf returns the event of an escalation that failed.
func stepOf(err error) proto.BecomeChanged_Step {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.step
	}
	return proto.BecomeChanged_FAILED
}

// Exit statuses of a shell for a command that it could not execute, and for one that it did not find.
const (
	statusNotExecuted = 126
	statusNotFound    = 127
)

// Parts of messages of methods' programs, of PAM and of shells. English messages are requested, see english; some
// programs have no way to do so.
var (
	refusalWords = []string{"incorrect password", "password attempt", "authentication fail", "authentication attempt", "try again", "login incorrect"}
	executeWords = []string{
		"command not found", "unable to execute", "cannot execute", "can't execute", "failed to execute", "no such file", "not found",
		"permission denied", "text file busy",
	}
	otherWords = []string{
		// The password was right, but not sufficient.
		"not in the sudoers", "not allowed", "not permitted", "may not run", "may not become", "can't do that", "expired",
		"account validation", "account management", "no longer valid", "not available",
		// No account has that name.
		"unknown user", "does not exist", "no passwd entry", "unknown id", "not known",
		// It failed before the password was checked.
		"must have a tty", "terminal", "no new privileges", "setuid", "set groups", "set uid", "fork", "cannot allocate", "out of memory",
		"temporarily unavailable", "no space left", "input/output error", "timed out", "no password was provided",
		// The agent that was started reports it.
		"sloth-runner agent:",
	}
)

// isRefusal reports whether a program that was given a password ended because the password was wrong. Not all programs
// say so with known words: it counts as wrong unless the messages or the exit status have another meaning. The opposite
// error would cost more: a wrong password that is not detected is sent to all hosts and locks the account.
func isRefusal(words string, state *os.ProcessState) bool {
	switch {
	case containsAny(words, refusalWords...):
		return true
	case containsAny(words, otherWords...), containsAny(words, executeWords...):
		return false
	}
	// A program that was killed did not refuse, and with these statuses the shell was started.
	return state != nil && state.Exited() && !shellFailed(state)
}

// shellFailed reports whether an exit status is that of a shell that could not execute its command.
func shellFailed(state *os.ProcessState) bool {
	return state != nil && (state.ExitCode() == statusNotExecuted || state.ExitCode() == statusNotFound)
}

// wantsTerminal reports whether an attempt failed because it had no terminal, as with sudo's requiretty and the su of
// some systems.
func wantsTerminal(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	return ok && containsAny(r.words, "tty", "terminal")
}

// cannotExecute reports whether the user was become but could not execute the program, because it may not enter the
// directory.
func cannotExecute(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	return ok && r.step == proto.BecomeChanged_FAILED && (containsAny(r.words, executeWords...) || shellFailed(r.state))
}

func containsAny(text string, parts ...string) bool {
	text = strings.ToLower(text)
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// hintFor returns what the user can do about a message, or "".
func hintFor(words string) string {
	switch {
	case containsAny(words, "not in the sudoers", "not allowed to execute", "may not run sudo", "can't do that"):
		return "the account has to be allowed /bin/sh in the host's sudoers, as for Ansible"
	case containsAny(words, "operation not permitted"):
		return "the account has to be allowed to run any command as that user, in the host's doas.conf"
	case containsAny(words, "must have a tty", "terminal is required"):
		return "the host insists on a terminal, and one made for it was not enough: see requiretty in its sudoers"
	case containsAny(words, "password is required"):
		return "the account has to be allowed /bin/sh with NOPASSWD in the host's sudoers, or a password given"
	case containsAny(words, "unknown user", "does not exist", "no passwd entry", "unknown id"):
		return "the host has no account of that name"
	}
	return ""
}
