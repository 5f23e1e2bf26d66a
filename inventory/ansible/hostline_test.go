package ansible

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A variable without its value does not lose a host: the inventory is refused.
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

// A section with a mistyped kind is not read as a section of hosts: the inventory is refused.
func TestMistypedSection(t *testing.T) {
	for _, header := range []string{"web children", "web vars", "web:hostvars", "web:group_vars", "web:childen"} {
		path := filepath.Join(t.TempDir(), "hosts.ini")
		if err := os.WriteFile(path, []byte("[web]\nw1\n["+header+"]\nw2\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(t.Context(), []string{path}); err == nil || !strings.Contains(err.Error(), "expected [web], [web:children] or [web:vars]") {
			t.Errorf("[%s]: %v", header, err)
		}
	}
}
