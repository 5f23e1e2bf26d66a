package ansible

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A name with slashes is a path below host_vars and group_vars, as for Ansible. It never leads out of them, nor to the
// file of another name.
func TestVarsStayBelow(t *testing.T) {
	root := t.TempDir()
	for path, text := range map[string]string{
		"outside.yml": "outside: 1", "site/hosts.ini": "a/b/c\na/../../../outside\na/./b/c\na//b/c\na/b/c/\nd\n[../outside]\nd\n[g/h]\nd\n",
		"site/host_vars/a/b/c.yml": "inside: 1", "site/group_vars/g/h": "group: 1", "site/host_vars/d.yml": "own: 1",
	} {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inv, err := Read(t.Context(), []string{filepath.Join(root, "site", "hosts.ini")})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"a/b/c": {"inside"}, "a/../../../outside": nil, "a/./b/c": nil, "a//b/c": nil, "a/b/c/": nil, "d": {"group", "own"},
	}
	for host, names := range want {
		if got := slices.Sorted(maps.Keys(inv.HostVars(host))); !inv.HasHost(host) || !slices.Equal(got, names) {
			t.Errorf("%s has %q, want %q", host, got, names)
		}
	}
}
