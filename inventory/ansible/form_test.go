package ansible

import (
	"strings"
	"testing"

	"sloth-runner/inventory/naming"
)

// An error in a YAML or JSON file has its line. What Ansible skips is a warning.
func TestReadForms(t *testing.T) {
	for _, c := range []struct{ file, text, problems, warnings string }{
		{"hosts.yml", "all:\n  hosts:\n    a b:\n", `hosts.yml:3: no host has a name that can be one here: host "a b" (hosts.yml:3); ` + naming.NameRule, ""},
		{"hosts.yml", "all:\n  hosts:\n    10:\n", `hosts.yml:3: expected the name of a host as text, in quotes, instead of "10"`, ""},
		{"hosts.yml", "10:\n", `hosts.yml:1: expected the name of a group as text, in quotes, instead of "10"`, ""},
		{"hosts.yml", "all:\n  hosts:\n    h: x\n", "hosts.yml:3: expected the variables of a host as a mapping, not a single value", ""},
		{"hosts.yml", "all:\n  hosts:\n    h:\n      '': x\n", `hosts.yml:4: expected the name of a variable instead of ""`, ""},
		{"hosts.yml", "all:\n  hosts: [a]\n", `hosts.yml:2: expected a mapping as hosts of group "all", not a list: each name with a colon behind it, and no dash before it`, ""},
		{"hosts.yml", "web:\n  children:\n    all:\n", `hosts.yml:3: group "all" can't be a child of another`, ""},
		{"hosts.yml", "a:\n  children:\n    b:\n      children:\n        a:\n", "hosts.yml:3: group \"b\" contains itself: b > a > b", ""},
		{"hosts.yml", "ungrouped:\n  children:\n    b:\n", `hosts.yml:3: group "ungrouped" is what no other group has, and can't have children`, ""},
		{"hosts.yml", "a:\n  vars:\n    ansible_group_priority: high\n", "hosts.yml:3: expected a whole number as ansible_group_priority", ""},
		{"hosts.yml", "- a\n", "hosts.yml:1: expected a mapping with groups by name, not a list", ""},
		{"hosts.yml", "---\na:\n---\nb:\n", "hosts.yml: expected YAML: expected single document, found multiple", ""},
		{"hosts.yml", "a: !ruby/object x\n", `hosts.yml:1: the tag "!ruby/object" is not known`, ""},
		{"hosts.yml", "a:\n  hosts:\n    h: {x: !!int y}\n", `hosts.yml:3: the value is not what its tag "!!int" says`, ""},
		{"hosts.yml", "$ANSIBLE_VAULT;1.1;AES256\n6231\n", "hosts.yml: the whole inventory file is encrypted with Ansible Vault; decrypt it with ansible-vault view", ""},
		{"hosts.toml", "[web]\n", "hosts.toml: expected an inventory in INI, YAML or JSON, not in TOML", ""},
		{"hosts.json", `{"web": {"hosts": ["a"]}}`, "", ""},
		{"hosts.json", "{\n\"web\": [}", "hosts.json:2: expected JSON: invalid character '}' looking for beginning of value", ""},
		{"hosts.yml", "{\n\"web\": [}", "hosts.yml:2: expected YAML: did not find expected node content", ""},
		{"hosts", "web:\n  hosts\n :", "hosts:", ""},
		{"hosts", "[web\n", "hosts:1: expected [group], [group:children] or [group:vars]", ""},
		{"hosts.yml", "web:\n  host:\n    h:\n  other: 1\nlist: [1]\nplugins: x\n", "",
			`hosts.yml:2: "host" is passed over in group "web": a group has hosts, vars and children` + "\n" +
				`hosts.yml:4: "other" is passed over in group "web": a group has hosts, vars and children` + "\n" +
				`hosts.yml:5: "list" is no group: expected a mapping with hosts, vars and children` + "\n" +
				`hosts.yml:6: "plugins" is no group: expected a mapping with hosts, vars and children`},
	} {
		r := newReader()
		r.readText(c.file, c.text)
		inv, err := r.finish()
		if (err == nil) != (c.problems == "") || !strings.HasPrefix(message(err), c.problems) {
			t.Errorf("%q: %v, want %s", c.text, err, c.problems)
		}
		if err == nil && strings.Join(inv.Warnings(), "\n") != c.warnings {
			t.Errorf("%q: warnings %q", c.text, inv.Warnings())
		}
	}
}
