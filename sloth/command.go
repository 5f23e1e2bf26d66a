package sloth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// commandGroup is the name of the group of a command that stands in no file.
const commandGroup = "exec"

// Command returns the plan that runs one shell command and stands in no file. It is what Load makes of a source that is
// written here; the error says what no shell could take.
func Command(ctx context.Context, command string) (*Plan, error) {
	shell := command
	if !utf8.ValidString(command) {
		// Plans are text. The shell makes the bytes: it takes them as they would have come.
		shell = "eval \"$(printf '" + octal(command) + "')\""
	}
	switch {
	case strings.TrimSpace(command) == "":
		return nil, errors.New("the command is empty")
	case strings.ContainsRune(command, 0):
		return nil, errors.New("a command can't have a NUL byte in it")
	case len(shell) > maxShell:
		return nil, fmt.Errorf("the command has %d bytes, and a system takes at most %d as one argument: "+
			"put it into a file, and run that with --script", len(shell), maxShell)
	}
	return single(ctx, commandGroup+": "+shortened(command), shortened(command), shell)
}

// single is the plan of one task of a shell command.
func single(ctx context.Context, file, name, shell string) (*Plan, error) {
	source := "TaskDefinitions = { " + commandGroup + " = { tasks = { { name = " + literalText(name) +
		", command = " + literalText(shell) + " } } } }\n"
	return Load(ctx, file, []byte(source))
}

// literalText is text as Lua reads it: the Lua 5.1 manual, 2.1. All bytes but these stand for themselves.
func literalText(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\x00", `\000`).Replace(text) + `"`
}

// octal is text as the format of printf, between single quotes: POSIX, printf and XBD 5.
func octal(text string) string {
	var format strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c == '%':
			format.WriteString("%%")
		case c == '\\' || c == '\'' || c < ' ' || c >= utf8.RuneSelf:
			fmt.Fprintf(&format, `\%03o`, c)
		default:
			format.WriteByte(c)
		}
	}
	return format.String()
}

// shortened is a text as the name of a task: of one line, without what misleads, and not longer than a person reads.
func shortened(text string) string {
	const longest = 60
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.Map(func(r rune) rune {
		if misleading(r) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return "command"
	}
	runes := []rune(text)
	if len(runes) > longest {
		runes = append(runes[:longest-1], '…')
	}
	for len(string(runes)) > maxName {
		runes = append(runes[:len(runes)-2], '…')
	}
	return string(runes)
}
