package program

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestSafeDir: a directory is not safe for a program if another user could replace its files or a directory above it.
func TestSafeDir(t *testing.T) {
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
		if _, err := SafeDir(below); errors.Is(err, ErrUnsafe) == c.safe {
			t.Errorf("below mode %v: %v", c.mode, err)
		}
		if _, err := SafeDir(place); errors.Is(err, ErrUnsafe) == c.safe {
			t.Errorf("mode %v: %v", c.mode, err)
		}
	}
}
