package inventory

import (
	"strings"
	"testing"

	"sloth-runner/inventory/model"
	"sloth-runner/inventory/naming"
)

// oddInventory has odd names.
const oddInventory = "db-1\n\"web 1\"\n[tag:prod]\nweb-1\nweb 2 a=1\n[tag:prod:vars]\ncolor=red\n[Web Servers (EU)]\nweb-2\n" +
	"[below]\nweb-3\n[tag:prod:children]\nbelow\n[top:children]\ntag:prod\n"

// The error for a word that is an odd name gives the reason. A word that also has another meaning keeps that.
func TestOddWords(t *testing.T) {
	inv := inventoryOf(t, oddInventory+"[env:prod]\n[env]\ne1\n[prod]\np1\n[a*b]\n[a,b]\n[x,db-1]\n")
	const at, rule = "hosts.ini:3: group \"tag:prod\" is passed over: ':' can't be in this place of a name: ", naming.NameRule
	tagged := Defaults{User: "u", Agents: []model.Agent{{Name: "t1", Address: "t1:1", Tags: map[string]string{"prod": ""}}}}
	for _, c := range []struct {
		words    []string
		defaults Defaults
		want     string
	}{
		{[]string{"tag:prod"}, Defaults{User: "u"}, `can't resolve "tag:prod": ` + at + rule},
		{[]string{"db-1", "!tag:prod"}, Defaults{User: "u"}, `can't resolve "tag:prod": ` + at + rule},
		{[]string{"db-1,tag:prod"}, Defaults{User: "u"}, `can't resolve "tag:prod": ` + at + rule},
		{[]string{"tag:prod"}, tagged, "t1"},
		{[]string{"Web Servers (EU)"}, Defaults{User: "u"},
			`can't resolve "Web Servers (EU)": hosts.ini:8: group "Web Servers (EU)" is passed over: ' ' can't be in this place of a name: ` + rule},
		{[]string{"web 1"}, Defaults{User: "u"}, `can't resolve "web 1": hosts.ini:2: host "web 1" is passed over: ' ' can't be in this place of a name: ` + rule},
		{[]string{"me@web 1"}, Defaults{User: "u"}, `can't resolve "web 1": hosts.ini:2: host "web 1" is passed over: ' ' can't be in this place of a name: ` + rule},
		{[]string{"env:prod"}, Defaults{User: "u"}, "e1 p1"},
		{[]string{"a,b"}, Defaults{User: "u"}, `can't resolve "a,b": hosts.ini:22: group "a,b" is passed over: ',' can't be in this place of a name: ` + rule},
		{[]string{"a*b"}, Defaults{User: "u"}, `can't resolve "a*b": hosts.ini:21: group "a*b" is passed over: '*' can't be in this place of a name: ` + rule},
		{[]string{"web*"}, Defaults{User: "u"}, "web-1 web-2 web-3"},
	} {
		targets, err := inv.Resolve(t.Context(), c.words, c.defaults)
		var names []string
		for _, target := range targets {
			names = append(names, target.Name)
		}
		if got := strings.Join(names, " ") + messageOf(err); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.words, got, c.want)
		}
	}
	limit := inv.NewLimit([]string{"tag:prod"})
	_, _, err := limit.Resolve(t.Context(), []string{"db-1"}, Defaults{User: "u"})
	if want := `--limit: can't resolve "tag:prod": ` + at + rule; err != nil || messageOf(limit.Check()) != want {
		t.Errorf("limit: %v, %v, want %s", err, limit.Check(), want)
	}
}
