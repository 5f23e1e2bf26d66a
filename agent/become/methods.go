package become

import (
	"runtime"
	"strings"

	"sloth-runner/internal/shell"
)

// method is a program that starts another program as another user.
type method struct {
	name, path string
	// args returns its arguments, without its name, to start a command as user.
	args func(user, prompt string, command []string) []string
	// prompts reports whether its output ends with a question for a password.
	prompts func(text, prompt string) bool
	// byShell says that the command is run by /bin/sh. For sudo this is as in Ansible, so that rules of sudoers(5) for
	// Ansible match. su accepts nothing else.
	byShell bool
}

// methods are the methods of proto.BecomeMethods; see sudo(8), doas(1) and su(1).
var methods = map[string]method{
	"sudo": {
		// -S reads the password from standard input, one byte at a time; the rest is for the command. -p sets a prompt
		// that no other output can match. -H sets HOME to that of the user, regardless of sudoers.
		args: func(user, prompt string, command []string) []string {
			return append([]string{"-S", "-H", "-p", prompt, "-u", user, "--"}, command...)
		},
		prompts: strings.Contains,
		byShell: true,
	},
	"doas": {
		args: func(user, _ string, command []string) []string {
			return append([]string{"-u", user, "--"}, command...)
		},
		prompts: asksForPassword,
	},
	"su": {
		args: func(user, _ string, command []string) []string {
			// command is of /bin/sh, and the user's shell takes the same. Accounts of services have one that runs nothing:
			// root may choose another on Linux. Elsewhere su has no such option.
			args := append([]string{user}, command[1:]...)
			if runtime.GOOS == "linux" {
				args = append([]string{"-s", command[0]}, args...)
			}
			return args
		},
		prompts: asksForPassword,
		byShell: true,
	},
}

// command returns what the method starts in order to run a program with its arguments.
func (m method) command(program []string) []string {
	if m.byShell {
		return []string{"/bin/sh", "-c", "exec " + shell.Quote(program...)}
	}
	return program
}

// commandForPeople returns the command for a message, without our own paths and markers.
func (m method) commandForPeople() string {
	if m.byShell {
		return "/bin/sh -c exec ..."
	}
	return "the agent"
}

// asksForPassword detects a prompt whose text depends on the system and its language: an unfinished line that ends with
// a colon. A program name with a colon is the beginning of an error message.
func asksForPassword(text, _ string) bool {
	line := text[strings.LastIndexAny(text, "\r\n")+1:]
	line = strings.TrimSpace(line)
	if line == "su:" || line == "doas:" {
		return false
	}
	return strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")
}

// named returns a message of the program, with the program's name.
func (m method) named(words string) string {
	if strings.HasPrefix(words, m.name+": ") {
		return words
	}
	return m.name + ": " + words
}
