package agent

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sloth-runner/agent/program"
)

// TestSafePlace: neither a script nor a copy of the agent is put where another user could exchange it before it is run.
func TestSafePlace(t *testing.T) {
	for _, c := range []struct {
		mode os.FileMode
		safe bool
	}{
		{0o755, true},
		{0o777 | os.ModeSticky, true},
		{0o775 | os.ModeSticky, true},
		{0o777, false},
		{0o775, false},
	} {
		place := t.TempDir()
		if err := os.Chmod(place, c.mode); err != nil {
			t.Fatal(err)
		}
		// One level deeper, all that counts is above.
		below := filepath.Join(place, "below")
		if err := os.Mkdir(below, 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := program.SafeDir(below); errors.Is(err, program.ErrUnsafe) == c.safe {
			t.Errorf("below mode %v: %v", c.mode, err)
		}
		_, _, copyErr := copyTo(place)
		_, scriptErr := writeScript([]string{place}, "a", []byte("#!/bin/sh\n"))
		if errors.Is(copyErr, program.ErrUnsafe) == c.safe || (scriptErr == nil) != c.safe {
			t.Errorf("mode %v: a copy: %v; a script: %v", c.mode, copyErr, scriptErr)
		}
	}
}
