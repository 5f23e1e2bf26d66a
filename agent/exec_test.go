package agent

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sloth-runner/agent/process"
	"sloth-runner/internal/fault"
	"sloth-runner/proto"
	"sloth-runner/sloth"
	"sloth-runner/sloth/module"
)

// commandHost is a host of real processes that keeps what an operator would be shown.
type commandHost struct {
	taskHost
	mu    sync.Mutex
	shown bytes.Buffer
}

func newCommandHost(t *testing.T) *commandHost {
	h := new(commandHost)
	h.session = &session{procs: process.NewSet(nil), send: func(event *proto.Event) error {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.shown.WriteString(event.GetOutput().Written())
		return nil
	}}
	t.Cleanup(func() { h.session.procs.KillAll() })
	return h
}

// ends runs a command, which has to come to its end within a time that only a held task exceeds.
func (h *commandHost) ends(t *testing.T, command module.Command) (sloth.ExecResult, error) {
	t.Helper()
	var result sloth.ExecResult
	var err error
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		result, err = h.Exec(t.Context(), command)
	}()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatalf("%s: still held after a minute", command)
	}
	return result, err
}

// TestCommandOptions: each option of a command is carried out, and nothing of this process changes.
func TestCommandOptions(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	tool := filepath.Join(dir, "tool")
	if err := os.WriteFile(tool, []byte("echo tool $*\n"), 0o700); err != nil { // without a first line for the system
		t.Fatal(err)
	}
	t.Setenv("SLOTH_KEPT", "kept")
	mask := fs.FileMode(0o037)
	for name, c := range map[string]struct {
		command module.Command
		want    string
	}{
		"words as they are":      {module.Command{Argv: []string{"printf", "%s|", "a b", "$HOME", "*", "", "'"}}, "a b|$HOME|*||'|"},
		"cwd of a line":          {module.Command{Shell: "pwd; echo $PWD", Dir: dir}, dir + "\n" + dir + "\n"},
		"cwd of words":           {module.Command{Argv: []string{"printenv", "PWD"}, Dir: dir, Env: map[string]string{"A": "1"}}, dir + "\n"},
		"a program of the cwd":   {module.Command{Argv: []string{"./tool", "x"}, Dir: dir}, "tool x\n"},
		"env":                    {module.Command{Shell: `echo "$A-$SLOTH_KEPT"`, Env: map[string]string{"A": "b c"}}, "b c-kept\n"},
		"env replaces":           {module.Command{Shell: "echo $SLOTH_KEPT", Env: map[string]string{"SLOTH_KEPT": "new"}}, "new\n"},
		"env of words":           {module.Command{Argv: []string{"printenv", "A"}, Env: map[string]string{"A": "1"}}, "1\n"},
		"clear_env":              {module.Command{Argv: []string{"env"}, ClearEnv: true, Env: map[string]string{"B": "2", "A": "1"}}, "A=1\nB=2\n"},
		"clear_env alone":        {module.Command{Argv: []string{"env"}, ClearEnv: true}, ""},
		"program of env's PATH":  {module.Command{Argv: []string{"tool", "y"}, Env: map[string]string{"PATH": "/none:" + dir}}, "tool y\n"},
		"stdin":                  {module.Command{Argv: []string{"cat"}, Stdin: []byte("a\x00b")}, "a\x00b"},
		"empty stdin":            {module.Command{Argv: []string{"cat"}, Stdin: []byte{}}, ""},
		"stdin that is not read": {module.Command{Argv: []string{"echo", "hi"}, Stdin: bytes.Repeat([]byte("x"), 1<<20)}, "hi\n"},
		"large stdin":            {module.Command{Argv: []string{"sh", "-c", "wc -c | tr -d ' '"}, Stdin: make([]byte, 1<<20)}, "1048576\n"},
		"umask of a line":        {module.Command{Shell: `umask; echo "$0"`, Umask: &mask}, "0037\n/bin/sh\n"},
		"umask of words":         {module.Command{Argv: []string{"sh", "-c", "umask; echo $1", "-", "a b"}, Umask: &mask}, "0037\na b\n"},
		"umask and the cwd":      {module.Command{Argv: []string{"./tool", "z"}, Dir: dir, Umask: &mask}, "tool z\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newCommandHost(t)
			result, err := h.ends(t, c.command)
			if err != nil || string(result.Stdout) != c.want || h.shown.String() != c.want || result.ExitCode != 0 {
				t.Errorf("%+v, %v: stdout %q, stderr %q, shown %q; want %q", result, err, result.Stdout, result.Stderr, h.shown.String(), c.want)
			}
		})
	}
}

// TestCommandsThatCannotStart: each reason has a message of its own.
func TestCommandsThatCannotStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, script := range map[string]string{"plain": "#!/bin/sh\n", "lost": "#!/no/such/interpreter\n"} {
		mode := fs.FileMode(0o700)
		if name == "plain" {
			mode = 0o600
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		command module.Command
		want    string
	}{
		{module.Command{Argv: []string{"no-such-program", "x"}}, "this host has no program no-such-program"},
		{module.Command{Argv: []string{"ls | wc"}}, "there is no program 'ls | wc': several words run without a shell; give the command as one string"},
		{module.Command{Argv: []string{"cd", "/"}, Env: map[string]string{"PATH": dir}}, "there is no program 'cd': several words run without a shell; give the command as one string"},
		{module.Command{Argv: []string{"./none"}, Dir: dir}, "start ./none: no such file or directory"},
		{module.Command{Argv: []string{"./plain"}, Dir: dir}, "start ./plain: permission denied"},
		{module.Command{Argv: []string{dir}}, "start " + dir + ": is a directory"},
		{module.Command{Argv: []string{"./lost"}, Dir: dir}, "start ./lost: its interpreter or loader does not exist"},
		{module.Command{Shell: "pwd", Dir: dir + "/none"}, "its directory " + dir + "/none does not exist"},
		{module.Command{Shell: "pwd", Dir: dir + "/plain"}, "its directory " + dir + "/plain is a file"},
		{module.Command{Shell: "id", User: "no-such-user"}, "there is no user 'no-such-user' on this host"},
	} {
		_, err := newCommandHost(t).ends(t, c.command)
		if err == nil || fault.WithHint(err) != c.want {
			t.Errorf("%+v: %v; want %s", c.command, err, c.want)
		}
	}
}

// TestCommandTimeout: at its limit a command is killed with all that it started; the result says so, and is no error.
func TestCommandTimeout(t *testing.T) {
	t.Parallel()
	h := newCommandHost(t)
	began := time.Now()
	result, err := h.ends(t, module.Command{Shell: "echo begun; sleep 1000 & sleep 1000", Timeout: 300 * time.Millisecond})
	if err != nil || !result.TimedOut || result.ExitCode != 143 || result.Signal != "SIGTERM" || string(result.Stdout) != "begun\n" {
		t.Errorf("%+v, %v", result, err)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
	if left := h.session.procs.KillAll(); left != 0 {
		t.Errorf("%d processes were left", left)
	}
	result, err = newCommandHost(t).ends(t, module.Command{Shell: "echo in time", Timeout: time.Minute})
	if err != nil || result.TimedOut || result.ExitCode != 0 {
		t.Errorf("in time: %+v, %v", result, err)
	}
}

// TestCommandOutputLimit: what a result keeps is bounded, what an operator is shown is not; a quiet command shows nothing.
func TestCommandOutputLimit(t *testing.T) {
	t.Parallel()
	for _, quiet := range []bool{false, true} {
		h := newCommandHost(t)
		result, err := h.ends(t, module.Command{Shell: "head -c 100000 /dev/zero; echo error >&2", MaxOutput: 1000, Quiet: quiet})
		want := 100_006
		if quiet {
			want = 0
		}
		if err != nil || len(result.Stdout) != 1000 || !result.Truncated || string(result.StderrTail) != "error\n" || h.shown.Len() != want {
			t.Errorf("quiet %v: %d bytes, truncated %v, %q, %v; %d shown", quiet, len(result.Stdout), result.Truncated, result.StderrTail, err, h.shown.Len())
		}
		result, err = h.ends(t, module.Command{Shell: "head -c 1000 /dev/zero", MaxOutput: 1000, Quiet: quiet})
		if err != nil || len(result.Stdout) != 1000 || result.Truncated {
			t.Errorf("as much as is kept: %d bytes, truncated %v, %v", len(result.Stdout), result.Truncated, err)
		}
	}
}

// TestCommandOfAnotherUser: root's agent runs a command as another user, with its groups and home; any other agent refuses.
func TestCommandOfAnotherUser(t *testing.T) {
	t.Parallel()
	name := "nobody"
	if os.Geteuid() != 0 {
		name = "root"
	}
	self, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	own, err := newCommandHost(t).ends(t, module.Command{Shell: "id -un", User: self.Username})
	if err != nil || strings.TrimSpace(string(own.Stdout)) != self.Username {
		t.Errorf("as itself: %q, %v", own.Stdout, err)
	}
	command := module.Command{Shell: "id -un; id -G; echo $HOME $USER; umask", User: name, Dir: "/", Umask: new(fs.FileMode(0o077))}
	result, err := newCommandHost(t).ends(t, command)
	if os.Geteuid() != 0 {
		want := fmt.Sprintf(`only root can run it as root, and this agent runs as %s; give the task become_user = "root" instead`, self.Username)
		if err == nil || fault.WithHint(err) != want {
			t.Errorf("%v; want %s", err, want)
		}
		return
	}
	account, lookErr := user.Lookup(name)
	if lookErr != nil {
		t.Fatal(lookErr)
	}
	want := fmt.Sprintf("%s\n%s\n%s %s\n0077\n", name, account.Gid, account.HomeDir, name)
	if err != nil || string(result.Stdout) != want {
		t.Errorf("%q, %q, %v; want %q", result.Stdout, result.Stderr, err, want)
	}
}
