package ansible

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/inventory/naming"
)

// oddForms are the same inventory in each format, with odd names.
var oddForms = map[string]string{
	"hosts.ini": "db-1\n\"web 1\"\n[tag:prod]\nweb-1\nweb 2 a=1\n[tag:prod:vars]\ncolor=red\n[Web Servers (EU)]\nweb-2\n" +
		"[below]\nweb-3\n[tag:prod:children]\nbelow\n[top:children]\ntag:prod\n",
	"hosts.yml": "ungrouped: {hosts: {db-1: , web 1: }}\ntop:\n  children:\n    'tag:prod':\n      hosts: {web-1: , web 2: {a: 1}}\n" +
		"      vars: {color: red}\n      children: {below: {hosts: {web-3: }}}\nWeb Servers (EU): {hosts: {web-2: }}\n",
	"hosts.json": `{"ungrouped": ["db-1", "web 1"], "tag:prod": {"hosts": ["web-1", "web 2"], "vars": {"color": "red"}, "children": ["below"]},
		"Web Servers (EU)": ["web-2"], "below": ["web-3"], "top": {"children": ["tag:prod"]},
		"_meta": {"hostvars": {"web 2": {"a": 1}}}}`,
}

// TestOddNames: in each format, only the hosts with odd names are skipped, and one warning lists the odd names.
func TestOddNames(t *testing.T) {
	dir := t.TempDir()
	for file, text := range oddForms {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		inv, err := Read(t.Context(), []string{filepath.Join(dir, file)})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		for _, c := range []struct {
			what      string
			got, want []string
		}{
			{"all", inv.Members("all"), []string{"db-1", "web-1", "web-2", "web-3"}},
			{"ungrouped", inv.Members("ungrouped"), []string{"db-1", "web-2"}},
			{"top", inv.Members("top"), []string{"web-1", "web-3"}},
			{"hosts of top", inv.GroupHosts("top"), []string{"web-1"}},
			{"children of top", inv.Children("top"), []string{"below"}},
			{"parents of below", inv.Parents("below"), []string{"top"}},
			{"parents of top", inv.Parents("top"), []string{"all"}},
			{"groups of web-3", inv.HostGroups("web-3"), []string{"all", "below", "top"}},
			{"groups of web-2", inv.HostGroups("web-2"), []string{"all", "ungrouped"}},
			{"children of all", inv.Children("all"), []string{"top", "ungrouped"}},
		} {
			if diff := cmp.Diff(c.want, slices.Sorted(slices.Values(c.got))); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", file, c.what, diff)
			}
		}
		if got := inv.HostVars("web-3")["color"]; got.Data != "red" || got.From != "tag:prod" {
			t.Errorf("%s: color of web-3: %+v", file, got)
		}
		warnings := inv.Warnings()
		if len(warnings) != 1 || !strings.HasPrefix(warnings[0], "passed over for their names: ") || !strings.HasSuffix(warnings[0], "; "+naming.NameRule+"; the hosts and variables of such groups are there") {
			t.Errorf("%s: warnings %q", file, warnings)
			continue
		}
		for _, part := range []string{`group "tag:prod" (`, `group "Web Servers (EU)" (`, `host "web 1" (`, `host "web 2" (`, file + ":"} {
			if strings.Count(warnings[0], part) < 1 {
				t.Errorf("%s: warning %q lacks %q", file, warnings[0], part)
			}
		}
	}
	// A directory with all of them has one warning too.
	inv, err := Read(t.Context(), []string{dir})
	if err != nil || len(inv.Warnings()) != 1 || len(inv.Hosts()) != 4 {
		t.Errorf("the directory: %v, %v", inv, err)
	}
}

// Many odd names give one warning of limited length. An inventory in which all hosts have odd names is the wrong file.
func TestManyOddNames(t *testing.T) {
	var text strings.Builder
	text.WriteString("web-1\n")
	for i := range 100 {
		fmt.Fprintf(&text, "web %d\n", i)
	}
	inv := mustRead(t, text.String())
	if got := inv.Warnings(); len(got) != 1 || !strings.Contains(got[0], ` and 90 more; a name begins with`) {
		t.Errorf("%q", got)
	}
	if _, err := readText(strings.TrimPrefix(text.String(), "web-1\n")); !strings.HasPrefix(message(err), "hosts.ini:1: no host has a name that can be one here: host \"web 0\" (hosts.ini:1)") {
		t.Errorf("%v", err)
	}
}
