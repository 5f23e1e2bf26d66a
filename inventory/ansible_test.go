package inventory

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each directory of testdata/ansible is an inventory for one rule: sources names what is given with -i, and expected.json
// is what ansible-inventory --list makes of it, but for the groups in which nothing is. Where Ansible is installed, it is
// asked too.
func TestAnsible(t *testing.T) {
	cases, err := filepath.Glob("testdata/ansible/*/sources")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	program := ansibleInventory(t)
	for _, path := range cases {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			sources := sourcesOf(t, dir)
			inv, err := Read(t.Context(), sources)
			if err != nil {
				t.Fatal(err)
			}
			got := listed(t, inv)
			golden := filepath.Join(dir, "expected.json")
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decoded(t, want), decoded(t, got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
			if program != "" {
				if diff := cmp.Diff(decoded(t, askAnsible(t, program, sources)), decoded(t, got)); diff != "" {
					t.Errorf("ansible-inventory --list (-Ansible +here):\n%s", diff)
				}
			}
		})
	}
}

// ansibleInventory is the program, or "" where it is not installed, which is said loudly, and a failure in CI.
func ansibleInventory(t *testing.T) string {
	program, err := exec.LookPath("ansible-inventory")
	if err != nil && os.Getenv("CI") != "" {
		t.Error("ansible-inventory is not installed: install ansible-core")
	} else if err != nil {
		t.Log("NOT COMPARED WITH ANSIBLE: ansible-inventory is not installed (ansible-core)")
	}
	return program
}

// sourcesOf reads what is given with -i. Paths are made absolute, for Ansible also reads group_vars in the directory in
// which it is called.
func sourcesOf(t *testing.T, dir string) []string {
	data, err := os.ReadFile(filepath.Join(dir, "sources"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	sources := strings.Fields(string(data))
	for i, source := range sources {
		if !strings.Contains(source, ",") {
			sources[i] = filepath.Join(root, source)
		}
	}
	return sources
}

func askAnsible(t *testing.T, program string, sources []string) []byte {
	dir := t.TempDir()
	config := filepath.Join(dir, "ansible.cfg") // none of the user's
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, "--list")
	for _, source := range sources {
		command.Args = append(command.Args, "-i", source)
	}
	command.Dir = dir
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "ANSIBLE_CONFIG=" + config, "LC_ALL=C.UTF-8"}
	var complaint bytes.Buffer
	command.Stderr = &complaint
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, complaint.String())
	}
	return output
}

// listed writes an inventory as ansible-inventory --list does.
func listed(t *testing.T, inv *Inventory) []byte {
	hostVars := map[string]any{}
	for _, h := range inv.Hosts() {
		values := map[string]any{}
		for name, value := range inv.HostVars(h) {
			values[name] = value.Data
		}
		if len(values) > 0 {
			hostVars[h] = values
		}
	}
	list := map[string]any{"_meta": map[string]any{"hostvars": hostVars}}
	for _, name := range inv.Groups() {
		group := map[string][]string{}
		if hosts := inv.GroupHosts(name); len(hosts) > 0 {
			group["hosts"] = hosts
		}
		if children := inv.Children(name); len(children) > 0 {
			group["children"] = children
		}
		if len(group) > 0 {
			list[name] = group
		}
	}
	encoded, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

func decoded(t *testing.T, data []byte) any {
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return value
}
