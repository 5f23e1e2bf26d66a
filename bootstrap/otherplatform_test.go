package bootstrap

import (
	"path/filepath"
	"testing"

	"sloth-runner/tools/testhost"
)

// A host gets the agent for what its uname says, and the next run finds it there, whatever else is in the account's
// home. (The agent for that platform is a script that starts this one's.)
func TestHostOfAnotherPlatform(t *testing.T) {
	t.Parallel()
	payload, err := self()
	if err != nil {
		t.Fatal(err)
	}
	foreign := []byte("#!/bin/sh\nexec '" + payload.Path + "' \"$@\"\n")
	for _, name := range []string{"sloth-runner-agent_linux_riscv64", "sloth-runner-agent_linux_riscv64.gz"} {
		dir := t.TempDir()
		content := foreign
		if filepath.Ext(name) == ".gz" {
			content = pack(foreign)
		}
		write(t, filepath.Join(dir, name), string(content), 0o600)
		s := newShell(t)
		s.program(t, "uname", `case $1 in -o) echo GNU/Linux;; *) echo Linux riscv64;; esac`)
		h := testhost.New(t, testhost.Options{Shell: s.path})
		another := func() *operator {
			o := newOperator(t, h)
			o.Payload = &Payload{Path: payload.Path, Dir: dir, CacheDir: t.TempDir()}
			return o
		}
		another().visit(t, cold)
		if names := list(t, cacheOf(h)); len(names) != 1 || names[0] != "agent-"+digestOf(foreign) {
			t.Errorf("the host has %v", names)
		}
		another().visit(t, warm)
		if state := another().check(t, false); state.Platform != "linux/riscv64" || !state.Cached {
			t.Errorf("the check says %+v", state)
		}
		mustBeQuiet(t, h)
	}
}
