package adhoc

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"sloth-runner/internal/chars"
	"sloth-runner/plan"
)

// A command reaches the plan as it was given, and from there a shell.
func FuzzShell(f *testing.F) {
	for _, seed := range []string{
		"uptime", "echo \"a\\n\" 'b'", "a\nb\r\nc", "]]--[==[", "#!x", "é\u202e", "\\065", "a\x01b", "\x1f", "caf\xe9 100% \\ '", strings.Repeat("ab ", 100),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, command string) {
		made, err := Shell(command)
		if err != nil {
			return
		}
		task := only(made)
		line := task.Action.(plan.Shell).Line
		if utf8.ValidString(command) && line != command || !utf8.ValidString(line) {
			t.Errorf("%q became %q", command, line)
		}
		if !utf8.ValidString(task.Name) || strings.ContainsFunc(task.Name, chars.Misleading) || len(task.Name) > plan.MaxName || task.Name == "" {
			t.Errorf("%q is called %q", command, task.Name)
		}
	})
}

// Bytes that are no text reach the shell.
func TestShellOfAnyBytes(t *testing.T) {
	t.Parallel()
	made, err := Shell("printf '<%s>' 'caf\xe9 \\ 100%' \"it's\"\nexit 3\n")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "/bin/sh", "-c", only(made).Action.(plan.Shell).Line).Output()
	var exit *exec.ExitError
	if string(out) != "<caf\xe9 \\ 100%><it's>" || !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("got %q, %v", out, err)
	}
}

func TestShellRefused(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]string{
		"":                         "the command is empty",
		" \n":                      "the command is empty",
		"a\x00b":                   "a command can't have a NUL byte in it",
		strings.Repeat("x", 1<<17): "the command has 131072 bytes, and a system takes at most 131071 as one argument: put it into a file, and run that with --script",
	} {
		if _, err := Shell(command); err == nil || err.Error() != want {
			t.Errorf("%.20q: got %v, want %s", command, err, want)
		}
	}
}

func TestCommandName(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]string{
		"uptime":                         "uptime",
		" a\n\tb  c\x1b[2J\u202e\xff":    "a b c [2J \uFFFD",
		strings.Repeat("x", 70):          strings.Repeat("x", 59) + "…",
		strings.Repeat("\U0001F9A5", 70): strings.Repeat("\U0001F9A5", 49) + "…",
	} {
		made, err := Shell(command)
		if err != nil {
			t.Errorf("%q: %v", command, err)
			continue
		}
		if got := only(made).Name; got != want || made.File != "exec: "+want {
			t.Errorf("%q is called %q, of %q", command, got, made.File)
		}
	}
}

// only is the task of a plan that has one.
func only(p *plan.Plan) *plan.Task { return p.Groups[0].Tasks[0] }
