package pattern

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sloth-runner/inventory/ansible"
	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
	"sloth-runner/inventory/problems"
)

const fuzzInventory = `
lone
[web]
web[1:12]
[db]
db01
db02
db03
[dashed]
dashed1
dashed2
[prod:children]
web
db
[empty]
[v6]
2001:db8::7
`

func readFuzzed(f *testing.F, text string) *model.Inventory {
	path := filepath.Join(f.TempDir(), "hosts.ini")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		f.Fatal(err)
	}
	inv, err := ansible.Read(f.Context(), []string{path})
	if err != nil {
		f.Fatal(err)
	}
	return inv
}

// The hosts of a pattern are unique and have valid names. Hosts of the inventory are in its order.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{
		"web*", "web[1-3,7]:!web2", "prod:&db", "~(web|db)[0-9]{1,2}$", "db[0]", "db[-1]", "web[1:]", "root@n[1-3]:22", "[::1]:22,v6",
		"2001:db8::7:!lone", "*[!a-c]*", "a:b:50051", "!db", "&web,!~.*1", "[[[", "]", "~", "web[1-99999999999]", "u:p@h:!@x", "w[]-]?",
		"tag:prod", "Web Servers (EU)", "!web 9", "&a*b", "a,b", "me@web 9", "0*@0", "aws/web/1:!web+1", "aws/*", "x/[1-2]",
	} {
		f.Add(seed)
	}
	inv := readFuzzed(f, fuzzInventory+"\n[tag:prod]\nweb1\n[Web Servers (EU)]\n[a*b]\n[a,b]\n[ungrouped]\nweb 9\naws/web/1\nweb+1\n")
	f.Fuzz(func(t *testing.T, text string) {
		wrong := &problems.List{}
		c := NewChooser(inv, NewAgents(nil, nil), wrong, wrong.Add)
		c.namesLeft = 1000
		terms := c.terms([]string{text})
		if slices.ContainsFunc(terms, func(t term) bool { return strings.HasPrefix(t.text, "@") }) {
			return // files are not for this test
		}
		choices := c.choose(c.pattern(terms))
		seen := map[string]bool{}
		for _, found := range choices {
			if seen[found.Name] || !naming.Printable(found.Name) {
				t.Errorf("%q names %q, twice or with strange characters", text, found.Name)
			}
			seen[found.Name] = true
			if found.Host != nil && inv.Host(found.Host.Name) != found.Host {
				t.Errorf("%q names a host that is not there: %q", text, found.Name)
			}
		}
		for _, problem := range strings.Split(fmt.Sprint(wrong.Err()), "\n") {
			if !naming.Printable(problem) {
				t.Errorf("%q: a problem with strange characters: %q", text, problem)
			}
		}
		if len(terms) == 1 && terms[0].op == 0 && isGlob(text) && !strings.Contains(text, "@") {
			checkOrder(t, inv, choices)
		}
	})
}

func checkOrder(t *testing.T, inv *model.Inventory, choices []Choice) {
	t.Helper()
	last := -1
	for _, found := range choices {
		i := slices.Index(inv.AllHosts(), found.Host)
		if i <= last {
			t.Errorf("%s comes too late", found.Name)
		}
		last = i
	}
}

// A range expands to as many names as it has, and to none above the limit.
func FuzzNodes(f *testing.F) {
	for _, seed := range []string{"n[1-3]", "n[01-10,3,7-9/2]x[a:c]", "[::1]", "n[9-1]", "n[-1]", "n[1-]", "n[abc][1-2]", "n[1-9223372036854775807]", "[1,,2]"} {
		f.Add(seed)
	}
	const limit = 200
	f.Fuzz(func(t *testing.T, text string) {
		names, err := expandNodes(text, limit)
		if err != nil {
			if !naming.Printable(err.Error()) {
				t.Errorf("error with strange characters: %q", err)
			}
			return
		}
		if len(names) == 0 || len(names) > limit {
			t.Fatalf("%q stands for %d names", text, len(names))
		}
		for _, name := range names {
			if len(name) > len(text) {
				t.Errorf("%q stands for %q", text, fmt.Sprintf("%.100s", name))
			}
		}
	})
}
