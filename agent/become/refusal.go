package become

import (
	"errors"
	"os"
	"strings"

	"sloth-runner/proto"
)

// refusal is why a user can't be become, and how far it came.
type refusal struct {
	step proto.BecomeChanged_Step
	err  error
	// words are those of the method's program, and state is how it ended; nil: it did not.
	words string
	state *os.ProcessState
}

func (r *refusal) Error() string { return r.err.Error() }

func (r *refusal) Unwrap() error { return r.err }

// stepOf is the event of an escalation that failed.
func stepOf(err error) proto.BecomeChanged_Step {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.step
	}
	return proto.BecomeChanged_FAILED
}

// Exit statuses of a shell for a command that it found and could not execute, and for one that it did not find.
const (
	statusNotExecuted = 126
	statusNotFound    = 127
)

// Words of methods' programs, of PAM and of shells. All are asked for English ones, see englishVar; for some there is no
// such way.
var (
	refusalWords = []string{"incorrect password", "password attempt", "authentication fail", "authentication attempt", "try again", "login incorrect"}
	executeWords = []string{
		"command not found", "unable to execute", "cannot execute", "can't execute", "failed to execute", "no such file", "not found",
		"permission denied", "text file busy",
	}
	otherWords = []string{
		// The password was right, and does not suffice.
		"not in the sudoers", "not allowed", "not permitted", "may not run", "may not become", "can't do that", "expired",
		"account validation", "account management", "no longer valid", "not available",
		// No account has that name.
		"unknown user", "does not exist", "no passwd entry", "unknown id", "not known",
		// It does not come so far.
		"must have a tty", "terminal", "no new privileges", "setuid", "set groups", "set uid", "fork", "cannot allocate", "out of memory",
		"temporarily unavailable", "no space left", "input/output error", "timed out", "no password was provided",
		// The agent says it, which was started.
		"sloth-runner agent:",
	}
)

// isRefusal reports whether a program that was given a password ended because it was wrong. Not every one says so in
// words that are known here: it is taken for that unless the words, or the status, are of another thing. The mistake costs
// less: a wrong password that is not known as one goes to all hosts, and locks the account.
func isRefusal(words string, state *os.ProcessState) bool {
	switch {
	case containsAny(words, refusalWords...):
		return true
	case containsAny(words, otherWords...), containsAny(words, executeWords...):
		return false
	}
	// A program that was killed has not said no, and a shell that says these has started.
	return state != nil && state.Exited() && !shellFailed(state)
}

// shellFailed reports whether an exit status is the one of a shell that could not execute its command.
func shellFailed(state *os.ProcessState) bool {
	return state != nil && (state.ExitCode() == statusNotExecuted || state.ExitCode() == statusNotFound)
}

// wantsTerminal reports whether an attempt failed because it had no terminal: sudo's requiretty, and the su of some
// systems.
func wantsTerminal(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	return ok && containsAny(r.words, "tty", "terminal")
}

// cannotExecute reports whether the other user was become, but could not execute the program: in a place that it may
// not enter.
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

// hintFor says what can be done about what a program said, or "".
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
