package sources

import (
	"os"
	"strings"
	"testing"

	"sloth-runner/tools/testneeds"
)

// TestInventoryOfAnother: in a directory of another user, an inventory is not used: no program runs and no host is
// connected to.
func TestInventoryOfAnother(t *testing.T) {
	testneeds.Root(t, "give files away")
	const stranger = 65534
	t.Setenv("SUDO_UID", "")
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("hosts.ini", []byte("web-1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := trusted("hosts.ini"); err != nil {
		t.Errorf("my own: %v", err)
	}
	for _, path := range []string{"hosts.ini", dir} {
		if err := os.Chown(path, stranger, stranger); err != nil {
			t.Fatal(err)
		}
		if err := trusted("hosts.ini"); err == nil || !strings.Contains(err.Error(), "belongs to another user") {
			t.Errorf("%s of another: %v", path, err)
		}
		if err := os.Chown(path, 0, 0); err != nil {
			t.Fatal(err)
		}
	}
	// A group that others may be in.
	if err := os.Chown("hosts.ini", 0, stranger); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod("hosts.ini", 0o664); err != nil {
		t.Fatal(err)
	}
	if err := trusted("hosts.ini"); err == nil || !strings.Contains(err.Error(), "users other than you can write to hosts.ini") {
		t.Errorf("of a group: %v", err)
	}
}
