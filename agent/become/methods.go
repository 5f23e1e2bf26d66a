package become

import (
	"runtime"
	"strings"

	"sloth-runner/internal/shell"
)

// method is a program that starts others as another user.
type method struct {
	name, path string
	// args are its arguments, without its name, with which it starts a command as user.
	args func(user, prompt string, command []string) []string
	// prompts reports whether what it has said ends with a question for a password.
	prompts func(text, prompt string) bool
	// byShell says that the command is given to /bin/sh: for sudo as Ansible does, so that rules of sudoers(5) written for
	// Ansible hold; for su because it takes nothing else.
	byShell bool
}

// methods are those of proto.BecomeMethods; see sudo(8), doas(1) and su(1).
var methods = map[string]method{
	"sudo": {
		// -S reads the password from stdin, one byte at a time: what follows is the command's. -p is what it asks with, so
		// that nothing else can be taken for it. -H: HOME as the user has it, whatever sudoers says.
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

// command is what the method is to start for a program and its arguments to run.
func (m method) command(program []string) []string {
	if m.byShell {
		return []string{"/bin/sh", "-c", "exec " + shell.Quote(program...)}
	}
	return program
}

// commandForPeople is the command in a message, which has no place for paths and markers of our own making.
func (m method) commandForPeople() string {
	if m.byShell {
		return "/bin/sh -c exec ..."
	}
	return "the agent"
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

// named is what the program said, with its name.
func (m method) named(words string) string {
	if strings.HasPrefix(words, m.name+": ") {
		return words
	}
	return m.name + ": " + words
}
