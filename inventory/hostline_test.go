package inventory

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A variable whose value got lost loses no host: the inventory is refused.
func TestVariableWithoutItsValue(t *testing.T) {
	for _, line := range []string{"w1 ansible_host 127.0.0.1", "w1 ansible_host =10.0.0.1", "w1 ansible_host = 10.0.0.1", "w1 ansible_host"} {
		path := filepath.Join(t.TempDir(), "hosts.ini")
		if err := os.WriteFile(path, []byte("[web]\n"+line+"\nw2\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(t.Context(), []string{path}); err == nil || !strings.Contains(err.Error(), "expected name=value") {
			t.Errorf("%q: %v", line, err)
		}
	}
}
