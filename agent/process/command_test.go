package process

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/proto"
	"sloth-runner/sloth/module"
)

// A shell gets each command with characters that have a meaning for it.
func TestDirectLeavesToTheShell(t *testing.T) {
	t.Parallel()
	for _, command := range []string{
		"", " ", "cat $HOME", "cat 'a'", `cat "a"`, `cat a\b`, "cat ~", "cat *", "cat a?", "cat [a]", "cat {a,b}", "cat a;cat b",
		"cat &", "cat|cat", "cat<a", "cat >a", "cat (a)", "cat #a", "cat `a`", "cat a^b", "! cat", "cat\ncat", "cat\x00",
		"A=b cat", "cat é", "echo a", "test a", "printf a", "true", ":", ".", "cd", "if", "no-such-program", "cat\ra",
	} {
		if cmd := direct(command); cmd != nil {
			t.Errorf("%q would be started as %q", command, cmd.Args)
		}
	}
}

func TestDirectTakesWords(t *testing.T) {
	t.Parallel()
	cmd := direct(" cat\t-A  a=b ./c:d,e+f@g%h ")
	if cmd == nil || strings.Join(cmd.Args, "|") != "cat|-A|a=b|./c:d,e+f@g%h" || !filepath.IsAbs(cmd.Path) {
		t.Errorf("got %+v", cmd)
	}
}

func TestShellFunctions(t *testing.T) {
	t.Parallel()
	if !hasShellFunctions([]string{"A=b", "BASH_FUNC_ls%%=() {  echo hi\n}"}) || hasShellFunctions([]string{"PATH=/bin"}) {
		t.Error("functions in the environment are not told apart")
	}
}

// A command ends in the same way with and without sh.
func TestDirectIsAsTheShell(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	for name, script := range map[string]string{
		"exits":       "#!/bin/sh\necho out $0 $*\necho err >&2\nexit 7\n",
		"no-loader":   "echo run by a shell\n",
		"no-such-one": "#!/no/such/interpreter\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "not-executable"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"exits a b=c", "no-loader", "no-such-one", "not-executable", dir + "/exits", "cat no-such-file", "printenv PATH"} {
		if got, want := outcome(t, command), outcomeWithShell(shellCommand(command)); got != want {
			t.Errorf("%s: %s, with sh %s", command, got, want)
		}
	}
}

// Some shells report a signal only as exit status 128 and its number; without a shell it is known.
func TestDirectTellsTheSignal(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	if err := os.WriteFile(filepath.Join(dir, "dies"), []byte("#!/bin/sh\nkill -9 $$\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := outcome(t, "dies"); got != `"", "", SIGKILL, 137` {
		t.Error(got)
	}
}

// outcome is everything that a task sees of a command.
func outcome(t *testing.T, command string) string {
	t.Helper()
	p := NewSet(nil)
	defer p.KillAll()
	start := func(p *Set, streams Streams) (*exec.Cmd, error) { return p.start(command, streams) }
	result, err := p.Run(t.Context(), Job{Start: start, Keep: module.MaxOutput, Output: func(*proto.Output) {}})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%q, %q, %s, %d", result.Stdout, result.Stderr, result.Signal, result.ExitCode)
}

func outcomeWithShell(cmd *exec.Cmd) string {
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	// How it ended says the state.
	_ = cmd.Run()
	code, signal := ending(cmd.ProcessState)
	return fmt.Sprintf("%q, %q, %s, %d", stdout.String(), stderr.String(), signal, code)
}
