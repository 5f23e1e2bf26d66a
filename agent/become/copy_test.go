package become

import (
	"errors"
	"os"
	"testing"

	"sloth-runner/agent/program"
)

// TestNoCopyWhereOthersWrite: no copy of the agent is written where another user could replace it before it runs.
func TestNoCopyWhereOthersWrite(t *testing.T) {
	for mode, safe := range map[os.FileMode]bool{0o755: true, 0o777 | os.ModeSticky: true, 0o777: false, 0o775: false} {
		place := t.TempDir()
		if err := os.Chmod(place, mode); err != nil {
			t.Fatal(err)
		}
		if _, _, err := copyTo(place); errors.Is(err, program.ErrUnsafe) == safe {
			t.Errorf("mode %v: %v", mode, err)
		}
	}
}
