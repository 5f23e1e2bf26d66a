package inventory

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Patterns that Ansible has too select the same hosts in both. The order may differ: here it is that of the inventory.
func TestPatternsAreAnsibles(t *testing.T) {
	patterns := []string{
		"web?", "*1", "d?", "d*", "db0[!1]", "*", "web[0]", "web[-1]", "web[0:2]", "web[10:]", "db[1:9]", "db:lone", "db,lone", "prod:&db*",
		"db:!db02", "!db02:&*1*:web:db", "!web,!d*", "~web1[0-2]", "~db|web1", "web:&~.*1", "prod", "all:!prod", "lone:web[0]:!db",
		"prod[0:3]", "prod[-1]", "p*:!*b0*", "w?b1,&web,!web12", "web?[0]", "w*[0:2]", "w*[-1]", "web1*[1:]",
	}
	hosts := ansibleHosts(t, patternInventory, patterns)
	inv := inventoryOf(t, patternInventory)
	for i, pattern := range patterns {
		targets, err := inv.Resolve(t.Context(), []string{pattern}, Defaults{User: "u"})
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
		}
		if hosts == nil {
			continue
		}
		got := strings.Fields(namesOf(targets))
		slices.Sort(got)
		slices.Sort(hosts[i])
		if diff := cmp.Diff(hosts[i], got); diff != "" {
			t.Errorf("%s (-Ansible +here):\n%s", pattern, diff)
		}
	}
}

// ansibleHosts returns the hosts that Ansible selects for each pattern, with one play for each; nil if Ansible is not
// installed.
func ansibleHosts(t *testing.T, inventory string, patterns []string) [][]string {
	program, err := exec.LookPath("ansible-playbook")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Error("ansible-playbook is not installed: install ansible-core")
		}
		t.Log("NOT COMPARED WITH ANSIBLE: ansible-playbook is not installed (ansible-core)")
		return nil
	}
	var plays strings.Builder
	for _, pattern := range patterns {
		fmt.Fprintf(&plays, "- hosts: '%s'\n", pattern)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"hosts": inventory, "plays.yml": plays.String(), "ansible.cfg": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ansible := exec.CommandContext(t.Context(), program, "-i", "hosts", "--list-hosts", "plays.yml")
	ansible.Dir = dir
	ansible.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "ANSIBLE_CONFIG=" + filepath.Join(dir, "ansible.cfg"), "LC_ALL=C.UTF-8"}
	output, err := ansible.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	parts := regexp.MustCompile(`(?m)^ +hosts \(\d+\):$`).Split(string(output), -1)
	var hosts [][]string
	for _, part := range parts[1:] {
		part, _, _ = strings.Cut(part, "play #")
		hosts = append(hosts, strings.Fields(part))
	}
	if len(hosts) != len(patterns) {
		t.Fatalf("Ansible answers for %d of %d patterns: %s", len(hosts), len(patterns), output)
	}
	return hosts
}
