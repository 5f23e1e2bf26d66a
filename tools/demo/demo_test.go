package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sloth-runner/tools/testhost"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// audience keeps the demo's output, and calls functions for it.
type audience struct {
	heard     bytes.Buffer
	reactions []func(soFar string)
}

func (a *audience) Write(text []byte) (int, error) {
	n, err := a.heard.Write(text)
	for _, react := range a.reactions {
		react(a.heard.String())
	}
	return n, err
}

// rehearse runs the demo with a shell script instead of the program, and checks that it leaves no files.
func rehearse(t *testing.T, ctx context.Context, timeout time.Duration, script string, reactions ...func(string)) (stdout string, err error) {
	t.Helper()
	tmp, bin := t.TempDir(), filepath.Join(t.TempDir(), "fake-runner")
	t.Setenv("TMPDIR", tmp)
	if err := os.WriteFile(bin, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	out := audience{reactions: reactions}
	err = demo{bin: bin, file: "some.sloth", stdout: &out, stderr: t.Output(), timeout: timeout}.run(ctx)
	if left, readErr := os.ReadDir(tmp); readErr != nil || len(left) > 0 {
		t.Errorf("%v and %v are left", left, readErr)
	}
	return out.heard.String(), err
}

// floor is the path of the floor program, which can run commands on the hosts.
func floor(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "floor")
	if err := testhost.BuildFloor(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// onAllHosts returns a script that runs a command on all hosts of its inventory, with the floor program.
const onAllHosts = `
inventory=$5 known_hosts=$7
hosts=$(sed -n 's/.*ansible_host=\([^ ]*\) ansible_port=\([0-9]*\) ansible_user=\([^ ]*\) .*/\3@\1:\2/p' "$inventory")
key=$(sed -n '2s/.*key_file=//p' "$inventory")
"$FLOOR" -key "$key" -known-hosts "$known_hosts" -cmd "$COMMAND" $hosts
`

func TestDemo(t *testing.T) {
	t.Setenv("FLOOR", floor(t))
	t.Setenv("COMMAND", "echo hello from $SLOTH_TESTHOST")
	t.Setenv("XDG_STATE_HOME", "/elsewhere")
	t.Setenv("SSH_AUTH_SOCK", "/elsewhere")
	got, err := rehearse(t, t.Context(), time.Minute, onAllHosts+`
echo "arguments: $1 $2 $3 $4 $6 $8 $9 ${10} ${11} ${12} ${13} ${14}"
case $XDG_STATE_HOME-$XDG_CACHE_HOME in "$HOME"/*-"$HOME"/*) echo own home;; esac
echo "agent:$SSH_AUTH_SOCK"
`)
	if err != nil {
		t.Fatal(err)
	}
	const run = `
hello from web-1
hello from web-2
hello from web-3
arguments: run -f some.sloth -i --known-hosts --no-record --delegate-to web-1 --delegate-to web-2 --delegate-to web-3
own home
agent:
`
	first, rest, ok := strings.Cut(got, "\n── second run: the agent is cached ──\n")
	if !ok || !strings.Contains(first, "\n── first run: nothing is installed on the hosts ──\n"+run) || !strings.HasPrefix(rest, run) {
		t.Errorf("output:\n%s", got)
	}
	for _, want := range []string{"── first run took ", "── second run took ", "Nothing is left running"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in the output:\n%s", want, got)
		}
	}
}

func TestDemoFindsWhatIsLeftRunning(t *testing.T) {
	t.Setenv("FLOOR", floor(t))
	t.Setenv("COMMAND", "sleep 1000 >/dev/null 2>&1 </dev/null & true")
	got, err := rehearse(t, t.Context(), time.Second, onAllHosts)
	if err == nil || !strings.Contains(err.Error(), "first run left processes running: map[web-1:[") {
		t.Errorf("%v; output:\n%s", err, got)
	}
}

func TestDemoOfAProgramThatFails(t *testing.T) {
	got, err := rehearse(t, t.Context(), time.Minute, "echo so far; exit 4")
	if err == nil || !strings.Contains(err.Error(), "exit status 4") || strings.Contains(got, "second run") {
		t.Errorf("%v; output:\n%s", err, got)
	}
}

func TestDemoWithoutProgram(t *testing.T) {
	err := demo{bin: "/nonexistent/sloth-runner"}.run(t.Context())
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "make build") {
		t.Error(err)
	}
}

// On an interrupt, the program gets time to end.
func TestDemoInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	got, err := rehearse(t, ctx, time.Minute, `trap 'echo cleaned up; exit 130' INT
echo running
while :; do sleep 0.05; done`, func(text string) {
		if strings.Contains(text, "running\n") {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
	if strings.Count(got, "cleaned up\n") != 1 {
		t.Errorf("output:\n%s", got)
	}
}
