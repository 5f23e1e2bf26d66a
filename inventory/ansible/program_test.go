package ansible

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"sloth-runner/inventory/naming"
)

// program writes a program and returns its path.
func program(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "inv")
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPrograms(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"#!/bin/sh\necho '{\"web\": [\"w1\"]}'", ""}, // --host prints the same: w1 has a variable web
		{"#!/bin/sh\n[ $1 = --list ] && echo '{\"web\": [\"w1\"]}' || exit 0", ""},
		{"#!/bin/sh\nexit 2", "--list: ended with exit status 2"},
		{"#!/bin/sh\nprintf 'a\\033[2Jb\\377\\nc' >&2; exit 2", "--list: ended with exit status 2, and said: a [2Jb? | c"},
		{"#!/bin/sh\nkill -9 $$", "--list: ended with signal: killed"},
		{"#!/nowhere/python\n", "--list: can't be run: the interpreter that its first line names is not there"},
		{"#!/bin/sh\n", "--list:1: expected JSON: it ends too early"},
		{"#!/bin/sh\necho no", "--list:1: expected JSON: invalid character 'o' in literal null (expecting 'u')"},
		{"#!/bin/sh\necho '[]'", "--list:1: expected a JSON object, not a list"},
		{"#!/bin/sh\necho '{} {}'", "--list:1: expected JSON: expected the end of the file after the value"},
		{"#!/bin/sh\necho '{\"web\": \"w1\"}'", `--list:1: expected group "web" as a mapping or a list, not a single value`},
		{"#!/bin/sh\necho '{\"web\": [\"../w1\"]}'", `--list:1: no host has a name that can be one here: host "../w1" (--list:1); ` + naming.NameRule},
		{"#!/bin/sh\necho '{\"web\": [\"-w\"]}'", `--list:1: no host has a name that can be one here: host "-w" (--list:1); ` + naming.NameRule},
		{"#!/bin/sh\necho '{\"w b\": [\"w 1\"]}'", `--list:1: no host has a name that can be one here: group "w b" (--list:1), host "w 1" (--list:1); ` + naming.NameRule},
		{"#!/bin/sh\necho '{\"w b\": {\"children\": [1]}}'", `--list:1: expected the name of a group as text in the children of group "w b"`},
		{"#!/bin/sh\n[ $1 = --list ] && echo '{\"web\": [\"w1\"]}' || echo '[1]'", "--host w1:1: expected a JSON object, not a list"},
		{"#!/bin/sh\nyes", "--list: prints more than 16 MiB"},
		{"[web]\nw1\n", ""},
	} {
		path := program(t, c.text)
		_, err := Read(t.Context(), []string{path})
		got := strings.ReplaceAll(message(err), path+" ", "")
		if c.want == "" && err != nil || !strings.Contains(got, c.want) {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

// A program that hangs is killed when the context ends.
func TestProgramIsEnded(t *testing.T) {
	started := filepath.Join(t.TempDir(), "started")
	if err := syscall.Mkfifo(started, 0o600); err != nil {
		t.Fatal(err)
	}
	path := program(t, fmt.Sprintf("#!/bin/sh\necho now > '%s'\nexec sleep 1000\n", started))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := Read(ctx, []string{path})
		done <- err
	}()
	if _, err := os.ReadFile(started); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
