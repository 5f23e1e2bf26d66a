package atomicfile_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"sloth-runner/internal/atomicfile"
)

// What a killed process has left is removed by the next one that writes into the directory. What is still used, or another's, stays.
func TestSweep(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	own := filepath.Join(dir, fmt.Sprintf(".sloth-new-%d-", os.Geteuid()))
	others := filepath.Join(dir, fmt.Sprintf(".sloth-new-%d-", os.Geteuid()+1))
	if err := errors.Join(os.WriteFile(own+"A", nil, 0o600), os.WriteFile(own+"B", nil, 0o444), os.WriteFile(own+"C", nil, 0o200), os.Symlink("x", own+"D"),
		os.Mkdir(own+"E", 0o700), os.WriteFile(others+"A", nil, 0o600), os.WriteFile(filepath.Join(dir, ".sloth-new-x"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	used, err := atomicfile.Prepare(filepath.Join(dir, "used"), func(file *os.File) error { return file.Chmod(0o444) })
	if err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(filepath.Join(dir, "f"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(used.Name()); err != nil {
		t.Error("a file that is in use was removed:", err)
	}
	if err := used.Commit(); err != nil {
		t.Error(err)
	}
	kept := []string{filepath.Base(own) + "E", filepath.Base(others) + "A", ".sloth-new-x", "f", "used"}
	mustHold(t, dir, kept...)
}
