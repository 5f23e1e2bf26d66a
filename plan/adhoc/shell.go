package adhoc

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"sloth-runner/plan"
)

// Shell returns the plan that runs one shell command. The error says what no shell could take.
func Shell(command string) (*plan.Plan, error) {
	line := command
	if !utf8.ValidString(command) {
		// Plans are text. The shell makes the bytes: it takes them as they would have come.
		line = "eval \"$(printf '" + octal(command) + "')\""
	}
	switch {
	case strings.TrimSpace(command) == "":
		return nil, errors.New("the command is empty")
	case strings.ContainsRune(command, 0):
		return nil, errors.New("a command can't have a NUL byte in it")
	case len(line) > plan.MaxArgument:
		return nil, fmt.Errorf("the command has %d bytes, and a system takes at most %d as one argument: "+
			"put it into a file, and run that with --script", len(line), plan.MaxArgument)
	}
	return single(command, plan.Shell{Line: line}), nil
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
