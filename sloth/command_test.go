package sloth

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"
)

// A command reaches the plan as it was given, and from there a shell.
func FuzzCommand(f *testing.F) {
	for _, seed := range []string{
		"uptime", "echo \"a\\n\" 'b'", "a\nb\r\nc", "]]--[==[", "#!x", "é\u202e", "\\065", "a\x01b", "\x1f", "caf\xe9 100% \\ '", strings.Repeat("ab ", 100),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, command string) {
		plan, err := Command(t.Context(), command)
		if err != nil {
			var problems Problems
			if errors.As(err, &problems) {
				t.Fatalf("%q: the source that was written for it is wrong: %v", command, err)
			}
			return
		}
		task := plan.Groups[0].Tasks[0]
		if utf8.ValidString(command) && task.Shell != command {
			t.Errorf("%q became %q", command, task.Shell)
		}
		if again, err := Load(t.Context(), plan.File, plan.Source); err != nil || again.Groups[0].Tasks[0].Shell != task.Shell {
			t.Errorf("%q: the host reads it otherwise: %v", command, err)
		}
	})
}

// Bytes that are no text reach the shell.
func TestCommandOfAnyBytes(t *testing.T) {
	t.Parallel()
	plan, err := Command(t.Context(), "printf '<%s>' 'caf\xe9 \\ 100%' \"it's\"\nexit 3\n")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "/bin/sh", "-c", plan.Groups[0].Tasks[0].Shell).Output()
	var exit *exec.ExitError
	if string(out) != "<caf\xe9 \\ 100%><it's>" || !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("got %q, %v", out, err)
	}
}

func TestCommandRefused(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]string{
		"":                         "the command is empty",
		" \n":                      "the command is empty",
		"a\x00b":                   "a command can't have a NUL byte in it",
		strings.Repeat("x", 1<<17): "the command has 131072 bytes, and a system takes at most 131071 as one argument: put it into a file, and run that with --script",
	} {
		if _, err := Command(t.Context(), command); err == nil || err.Error() != want {
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
		plan, err := Command(t.Context(), command)
		if err != nil {
			t.Errorf("%q: %v", command, err)
			continue
		}
		if got := plan.Groups[0].Tasks[0].Name; got != want || plan.File != "exec: "+want {
			t.Errorf("%q is called %q, of %q", command, got, plan.File)
		}
	}
}
