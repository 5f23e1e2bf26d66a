package agent

import (
	"os"
	"testing"
)

// TestNoScriptWhereOthersWrite: no script is put where another user could exchange it before it is run.
func TestNoScriptWhereOthersWrite(t *testing.T) {
	for mode, safe := range map[os.FileMode]bool{0o755: true, 0o777 | os.ModeSticky: true, 0o777: false, 0o775: false} {
		place := t.TempDir()
		if err := os.Chmod(place, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := writeScript([]string{place}, "a", []byte("#!/bin/sh\n")); (err == nil) != safe {
			t.Errorf("mode %v: %v", mode, err)
		}
	}
}
