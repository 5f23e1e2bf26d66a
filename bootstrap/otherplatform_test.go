package bootstrap

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"testing"

	"sloth-runner/bootstrap/payload"
	"sloth-runner/tools/testhost"
)

// A host gets the agent for what its uname says, and the next run finds it there, whatever else is in the account's
// home. (The agent for that platform is a script that starts this one's.)
func TestHostOfAnotherPlatform(t *testing.T) {
	t.Parallel()
	agents, err := self()
	if err != nil {
		t.Fatal(err)
	}
	foreign := []byte("#!/bin/sh\nexec '" + agents.Path + "' \"$@\"\n")
	sum := sha256.Sum256(foreign)
	for _, name := range []string{"sloth-runner-agent_linux_riscv64", "sloth-runner-agent_linux_riscv64.gz"} {
		dir := t.TempDir()
		content := foreign
		if filepath.Ext(name) == ".gz" {
			content = compress(t, foreign)
		}
		write(t, filepath.Join(dir, name), string(content), 0o600)
		s := newShell(t)
		s.program(t, "uname", `case $1 in -o) echo GNU/Linux;; *) echo Linux riscv64;; esac`)
		h := testhost.New(t, testhost.Options{Shell: s.path})
		another := func() *operator {
			o := newOperator(t, h)
			o.Payload = &payload.Source{Path: agents.Path, Dir: dir, CacheDir: t.TempDir()}
			return o
		}
		another().visit(t, cold)
		if names := list(t, cacheOf(h)); len(names) != 1 || names[0] != "agent-"+hex.EncodeToString(sum[:]) {
			t.Errorf("the host has %v", names)
		}
		another().visit(t, warm)
		if state := another().check(t, false); state.Platform != "linux/riscv64" || !state.Cached {
			t.Errorf("the check says %+v", state)
		}
		mustBeQuiet(t, h)
	}
}

func compress(t *testing.T, raw []byte) []byte {
	t.Helper()
	var compressed bytes.Buffer
	writer := gzip.NewWriter(&compressed)
	if _, err := writer.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return compressed.Bytes()
}
