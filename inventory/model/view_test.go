package model_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/inventory/ansible"
	"sloth-runner/inventory/model"
)

func TestView(t *testing.T) {
	t.Chdir(t.TempDir())
	const text = "lone\n[web]\nw1 x=1\n[db]\nd1\n[prod:children]\nweb\n[prod:vars]\nx=2\ny=3\nansible_password=p\n"
	if err := os.WriteFile("hosts.ini", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	inv, err := ansible.Read(t.Context(), []string{"hosts.ini"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ what, got, want any }{
		{"hosts", inv.Hosts(), []string{"lone", "w1", "d1"}},
		{"groups", inv.Groups(), []string{"all", "ungrouped", "web", "db", "prod"}},
		{"members", inv.Members("prod"), []string{"w1"}},
		{"members of no group", inv.Members("w1"), []string(nil)},
		{"hosts of prod itself", inv.GroupHosts("prod"), []string{}},
		{"ungrouped", inv.GroupHosts("ungrouped"), []string{"lone"}},
		{"children of all", inv.Children("all"), []string{"ungrouped", "db", "prod"}},
		{"children", inv.Children("prod"), []string{"web"}},
		{"parents", inv.Parents("web"), []string{"prod"}},
		{"parents of a top group", inv.Parents("prod"), []string{"all"}},
		{"groups of a host", inv.HostGroups("w1"), []string{"all", "prod", "web"}},
		{"groups of no host", inv.HostGroups("web"), []string(nil)},
		{"variables", inv.HostVars("w1"), map[string]model.Value{
			"x":                {Data: int64(1), File: "hosts.ini", Line: 3, From: "w1"},
			"y":                {Data: int64(3), File: "hosts.ini", Line: 10, From: "prod"},
			"ansible_password": {Data: "p", File: "hosts.ini", Line: 11, From: "prod", Secret: true},
		}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}
