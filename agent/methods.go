package agent

import (
	"errors"
	"runtime"
	"strings"
)

// method is a program that starts others as another user.
type method struct {
	name, path string
	// args are its arguments, without its name, for a program to be started as user.
	args func(user, prompt string, program []string) []string
	// prompts reports whether what it has said ends with a question for a password.
	prompts func(text, prompt string) bool
}

// methods are those of proto.BecomeMethods; see sudo(8), doas(1) and su(1).
var methods = map[string]method{
	"sudo": {
		// -S reads the password from stdin, one byte at a time: what follows is the program's. -p is what it asks with, so
		// that nothing else can be taken for it. -H: HOME as the user has it, whatever sudoers says.
		args: func(user, prompt string, program []string) []string {
			return append([]string{"-S", "-H", "-p", prompt, "-u", user, "--"}, program...)
		},
		prompts: strings.Contains,
	},
	"doas": {
		args: func(user, _ string, program []string) []string {
			return append([]string{"-u", user, "--"}, program...)
		},
		prompts: asksForPassword,
	},
	"su": {
		args: func(user, _ string, program []string) []string {
			args := []string{user, "-c", "exec " + quoteForShell(program)}
			if runtime.GOOS == "linux" {
				// Accounts of services have a shell that runs nothing; root may choose another. Elsewhere su has no such option.
				args = append([]string{"-s", "/bin/sh"}, args...)
			}
			return args
		},
		prompts: asksForPassword,
	},
}

// quoteForShell quotes words for any shell. They are paths and markers of our own making, but for the account's home.
func quoteForShell(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}

// asksForPassword recognises a question whose words depend on the system and its language: a line that is not ended and
// has a colon at its end. A program's name with a colon is the beginning of an error.
func asksForPassword(text, _ string) bool {
	line := text[strings.LastIndexAny(text, "\r\n")+1:]
	line = strings.TrimSpace(line)
	if line == "su:" || line == "doas:" {
		return false
	}
	return strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")
}

// isRefusal reports whether a program that was given a password ended because it was wrong. sudo says so in words that
// are matched; with the others, all else that could go wrong is, since they may say it in any language.
func (m method) isRefusal(words string) bool {
	if m.name == "sudo" {
		return containsAny(words, "incorrect password", "password attempt", "authentication failure")
	}
	return !containsAny(words, "permission denied", "not permitted", "not found", "no such file", "cannot execute", "can't execute")
}

// named is what the program said, with its name.
func (m method) named(words string) string {
	if strings.HasPrefix(words, m.name+": ") {
		return words
	}
	return m.name + ": " + words
}

// wantsTerminal reports whether an attempt failed because it had no terminal: sudo's requiretty, and the su of some
// systems.
func wantsTerminal(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	if !ok {
		return false
	}
	words := strings.ToLower(r.words)
	return strings.Contains(words, "tty") || strings.Contains(words, "terminal")
}

// cannotExecute reports whether the other user was become, but could not execute the program: in a place that it may
// not enter.
func cannotExecute(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	return ok && containsAny(r.words, "command not found", "unable to execute", "cannot execute", "can't execute", "no such file", "not found", "permission denied", "text file busy")
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
	case containsAny(words, "not in the sudoers", "not allowed to execute", "may not run sudo"):
		return "the account has to be allowed to run any command as that user, in the host's sudoers"
	case containsAny(words, "operation not permitted"):
		return "the account has to be allowed to run any command as that user, in the host's doas.conf"
	case containsAny(words, "must have a tty", "terminal is required"):
		return "the host insists on a terminal, and one made for it was not enough: see requiretty in its sudoers"
	case containsAny(words, "unknown user", "does not exist", "no passwd entry", "unknown id"):
		return "the host has no account of that name"
	}
	return ""
}
