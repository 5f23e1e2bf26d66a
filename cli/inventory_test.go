package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/cli/command"
)

// listAsJSON is what `inventory list -o json` prints for sources that stand in dir.
func listAsJSON(t *testing.T, dir string, sources []string) []byte {
	t.Helper()
	args := []string{"inventory", "list", "-o", "json"}
	for _, source := range sources {
		if !strings.Contains(source, ",") {
			source = filepath.Join(dir, source)
		}
		args = append(args, "-i", source)
	}
	var out, complaint bytes.Buffer
	root := newRoot(&command.Streams{In: strings.NewReader(""), Out: &out, Err: &complaint, Getenv: func(string) string { return "" }}, "test")
	root.SetArgs(args)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%v: %s", err, complaint.String())
	}
	return out.Bytes()
}

func decodeJSON(t *testing.T, data []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return value
}

// The inventories of inventory/ansible/testdata/ansible are listed as ansible-inventory does, whose output is recorded beside them.
func TestInventoryListIsAnsibles(t *testing.T) {
	cases, err := filepath.Glob("../inventory/ansible/testdata/ansible/*/sources")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range cases {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			sources, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(filepath.Join(dir, "expected.json"))
			if err != nil {
				t.Fatal(err)
			}
			got := listAsJSON(t, dir, strings.Fields(string(sources)))
			if diff := cmp.Diff(decodeJSON(t, want), decodeJSON(t, got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestInventoryListReadByAnsible: what is listed is an inventory again, for Ansible and for this program, and says the same.
func TestInventoryListReadByAnsible(t *testing.T) {
	program, err := exec.LookPath("ansible-inventory")
	if err != nil && os.Getenv("CI") != "" {
		t.Error("ansible-inventory is not installed: install ansible-core")
	} else if err != nil {
		t.Log("NOT COMPARED WITH ANSIBLE: ansible-inventory is not installed (ansible-core)")
	}
	listed := listAsJSON(t, "../inventory/ansible/testdata/ansible/two-sources", []string{"one/hosts.ini", "two/hosts.yml", "w3,"})
	dir := t.TempDir()
	script := "#!/bin/sh\ncat <<'END'\n" + string(listed) + "END\n"
	if err := os.WriteFile(filepath.Join(dir, "hosts"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decodeJSON(t, listed), decodeJSON(t, listAsJSON(t, dir, []string{"hosts"}))); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
	if program == "" {
		return
	}
	config := filepath.Join(dir, "ansible.cfg") // none of the user's
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ansible := exec.CommandContext(t.Context(), program, "--list", "-i", filepath.Join(dir, "hosts"))
	ansible.Dir = dir
	ansible.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "ANSIBLE_CONFIG=" + config, "LC_ALL=C.UTF-8"}
	output, err := ansible.Output()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decodeJSON(t, output), decodeJSON(t, listed)); diff != "" {
		t.Errorf("read by Ansible (-Ansible +here):\n%s", diff)
	}
}
