package ansible

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/inventory/model"
)

// Each directory of testdata/ansible is an inventory for one rule. The file sources has the arguments of -i, and
// expected.json the output of ansible-inventory --list, without empty groups. If Ansible is installed, its output is
// compared too.
func TestAnsible(t *testing.T) {
	cases, err := filepath.Glob("testdata/ansible/*/sources")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	sourcesOfAll := map[string][]string{}
	for _, path := range cases {
		dir := filepath.Dir(path)
		sourcesOfAll[filepath.Base(dir)] = sourcesOf(t, dir)
	}
	said := askAnsible(t, sourcesOfAll)
	for _, path := range cases {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			sources := sourcesOfAll[filepath.Base(dir)]
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
			if said == nil {
				return
			}
			if diff := cmp.Diff(withoutOdd(inv, decoded(t, said[filepath.Base(dir)])), withoutOdd(inv, decoded(t, got))); diff != "" {
				t.Errorf("ansible-inventory --list (-Ansible +here):\n%s", diff)
			}
		})
	}
}

// sourcesOf reads the arguments of -i. Paths are made absolute, because Ansible also reads group_vars in its working
// directory.
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

// ansibleLists calls ansible-inventory --list for each case, in a forked process. Python and Ansible are started only
// once, because their start takes many times as long as a case.
const ansibleLists = `
import json, os, sys, traceback
from ansible.cli.inventory import main
for name, sources in json.load(sys.stdin).items():
    case = os.fork()
    if case == 0:
        os.dup2(os.open(name + ".json", os.O_WRONLY | os.O_CREAT, 0o600), 1)
        sys.argv = ["ansible-inventory", "--list"] + [word for source in sources for word in ("-i", source)]
        try:
            main()
        except SystemExit as end:
            sys.stdout.flush()
            os._exit(end.code or 0)
        except BaseException:
            traceback.print_exc()
        os._exit(70)
    if os.waitpid(case, 0)[1] != 0:
        sys.exit("ansible-inventory failed for " + name)
`

// askAnsible returns the output of ansible-inventory --list for the sources of each case. If Ansible is not installed it
// returns nil and logs that; in CI that is a failure.
func askAnsible(t *testing.T, cases map[string][]string) map[string][]byte {
	program, err := exec.LookPath("ansible-inventory")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Error("ansible-inventory is not installed: install ansible-core")
		}
		t.Log("NOT COMPARED WITH ANSIBLE: ansible-inventory is not installed (ansible-core)")
		return nil
	}
	asked, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "ansible.cfg") // none of the user's
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	python := interpreter(t, program)
	command := exec.CommandContext(t.Context(), python[0], append(python[1:], "-c", ansibleLists)...)
	command.Dir, command.Stdin = dir, bytes.NewReader(asked)
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "ANSIBLE_CONFIG=" + config, "LC_ALL=C.UTF-8"}
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	said := map[string][]byte{}
	for name := range cases {
		if said[name], err = os.ReadFile(filepath.Join(dir, name+".json")); err != nil {
			t.Fatal(err)
		}
	}
	return said
}

// interpreter returns the interpreter in a program's first line, with its arguments.
func interpreter(t *testing.T, program string) []string {
	text, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	named, ok := strings.CutPrefix(line, "#!")
	words := strings.Fields(named)
	if !ok || len(words) == 0 {
		t.Fatalf("%s names no interpreter: %q", program, line)
	}
	return words
}

// listed formats an inventory as ansible-inventory --list does.
func listed(t *testing.T, inv *model.Inventory) []byte {
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

// withoutOdd removes what an inventory with odd names does not have here: the variables of hosts with odd names, and the
// lists of groups.
func withoutOdd(inv *model.Inventory, list any) any {
	hostVars := list.(map[string]any)["_meta"].(map[string]any)["hostvars"].(map[string]any)
	hasOdd := len(inv.OddGroupNames()) > 0
	for name := range hostVars {
		if inv.WhyPassedOver(name) != "" {
			hasOdd = true
			delete(hostVars, name)
		}
	}
	if !hasOdd {
		return list
	}
	return hostVars
}

func decoded(t *testing.T, data []byte) any {
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return value
}
