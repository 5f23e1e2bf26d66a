package inventory

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/internal/fault"
	"sloth-runner/inventory/naming"
)

const patternInventory = `
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

func namesOf(targets []Target) string {
	var names []string
	for _, target := range targets {
		names = append(names, target.Name)
	}
	return strings.Join(names, " ")
}

func TestPatterns(t *testing.T) {
	inv := inventoryOf(t, patternInventory)
	for _, c := range []struct{ what, pattern, want string }{
		{"glob", "web?", "web1 web2 web3 web4 web5 web6 web7 web8 web9"},
		{"glob in inventory order", "*1", "web1 web11 db01 dashed1"},
		{"glob of a group's name", "d?", "db01 db02 db03"},
		{"a number of several digits", "web1[12]", "web11 web12"},
		{"a number where there is that host", "we[b]1[2]", "web12"},
		{"class where no host has the number", "db0[23]", "db02 db03"},
		{"class with letters", "[ld]*[e1]", "lone db01 dashed1"},
		{"class that leaves out", "db0[!1]", "db02 db03"},
		{"all", "*", "lone web1 web2 web3 web4 web5 web6 web7 web8 web9 web10 web11 web12 db01 db02 db03 dashed1 dashed2 2001:db8::7"},
		{"range", "web[9-11]", "web9 web10 web11"},
		{"range with zeros", "db[01-03]", "db01 db02 db03"},
		{"range as in the inventory", "db[02:03]", "db02 db03"},
		{"nodeset", "web[1-3,7,10-12]", "web1 web2 web3 web7 web10 web11 web12"},
		{"nodeset with steps", "web[1-9/4,2:12:10]", "web1 web5 web9 web2 web12"},
		{"several brackets", "d[b]0[1-2]", "db01 db02"},
		{"several ranges", "web[1-1][0-2]", "web10 web11 web12"},
		{"range in a glob", "w*b[9-11]", "web9 web10 web11"},
		{"subscript", "web[0]", "web1"},
		{"last", "web[-1]", "web12"},
		{"slice", "web[0:2]", "web1 web2 web3"},
		{"slice to the end", "web[10:]", "web11 web12"},
		{"slice from the end", "web[-2:]", "web11 web12"},
		{"slice beyond the end", "db[1:9]", "db02 db03"},
		{"a dash is a range where there are such hosts", "web[1-2]", "web1 web2"},
		{"a dash is a slice where there are none", "db[0-1]", "db01 db02"},
		{"subscript of a glob", "web?[0]", "web1"},
		{"slice of a glob", "w*[9:10]", "web10 web11"},
		{"union", "db:lone", "db01 db02 db03 lone"},
		{"union with commas", "db,lone", "db01 db02 db03 lone"},
		{"intersection", "prod:&db*", "db01 db02 db03"},
		{"difference", "db:!db02", "db01 db03"},
		{"the order of terms is no matter", "!db02:&*1*:web[1-2]:db", "web1 db01"},
		{"commas and colons", "web[1-2],db:!db02,!web1", "web2 db01 db03"},
		{"difference alone is of all", "!web,!d*,!v6", "lone"},
		{"intersection alone is of all", "&prod:!web", "db01 db02 db03"},
		{"an empty group leaves out nothing", "db:!empty", "db01 db02 db03"},
		{"regular expression", "~web1[0-2]", "web10 web11 web12"},
		{"regular expression with separators", "~(web|db)0?[1-2]{1,2}$,lone", "web1 web2 web11 web12 db01 db02 lone"},
		{"regular expression begins at the beginning", "~b0", ""},
		{"regular expression leaves out", "db:!~.*2$", "db01 db03"},
		{"IPv6 in a union", "[2001:db8::7]:50051,2001:db8::7", "[2001:db8::7]:50051 2001:db8::7"},
		{"address wins over union", "web:50051", "web:50051"},
		{"address in a union", "lone:web1:50051:db01", "lone web1:50051 db01"},
		{"addresses of a range", "node[1-2]:50051", "node1:50051 node2:50051"},
		{"a range without an inventory", "root@node[09-11].example.com", "root@node09.example.com root@node10.example.com root@node11.example.com"},
		{"a range with a port", "root@node[1-2]:2222", "root@node1:2222 root@node2:2222"},
		{"a range in a URL", "ssh://me@node[1-2]:2222", "me@node1:2222 me@node2:2222"},
		{"a range of addresses", "10.0.0.[9-11]", "10.0.0.9 10.0.0.10 10.0.0.11"},
		{"a range of hosts without one", "root@n[1-4]:!n2:!n4*,!root@n3", "root@n1"},
		{"another user of a host in a group", "root@db01,root@db02:!db01", "root@db02"},
		{"an agent on a host", "db01:50051,db02:50051,!db01", "db02:50051"},
		{"white space", " db , !db02 ", "db01 db03"},
		{"twice", "db,db,d*", "db01 db02 db03 dashed1 dashed2"},
	} {
		t.Run(c.what, func(t *testing.T) {
			targets, err := inv.Resolve(t.Context(), []string{c.pattern}, Defaults{User: "u"})
			if got := namesOf(targets); got != c.want || (err == nil) != (c.want != "") {
				t.Errorf("%s is %q, %v, want %q", c.pattern, got, err, c.want)
			}
		})
	}
}

// TestHostAndGroup: a name of both a host and a group means the host; behind & and ! it means both.
// ansible_pattern_test.go has the rest.
func TestHostAndGroup(t *testing.T) {
	inv := inventoryOf(t, "n1\nn2\nn3\n[both]\nn1\nboth\n[web]\nn2\nweb\n")
	for pattern, want := range map[string]string{"both": "both", "both:n3": "both n3", "all:!both": "n2 n3 web", "all:&both": "n1 both", "both[0]": "n1", "bot*": "n1 both"} {
		targets, err := inv.Resolve(t.Context(), []string{pattern}, Defaults{User: "u"})
		names := strings.Fields(namesOf(targets))
		slices.Sort(names)
		wanted := strings.Fields(want)
		slices.Sort(wanted)
		if err != nil || !slices.Equal(names, wanted) {
			t.Errorf("%s is %q, %v, want %q", pattern, names, err, want)
		}
	}
	want := []string{
		`group "both" has the name of a host: by itself the name is the host`,
		`group "web" has the name of a host: by itself the name is the host`,
	}
	if diff := cmp.Diff(want, inv.Warnings()); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestPatternErrors(t *testing.T) {
	inv := inventoryOf(t, patternInventory)
	inv.lookUp = dns(t)
	for _, c := range []struct{ pattern, want, hint string }{
		{"zzz*", `can't resolve "zzz*": no host or group of the inventory fits`, ""},
		{"web:!zzz*", `can't resolve "zzz*": no host or group of the inventory fits`, ""},
		{"web:!no-web", "Failed to resolve 'no-web': host or group not found", howToList},
		{"web:&db", `no host is left of "web:&db"`, ""},
		{"web:!web", `no host is left of "web:!web"`, ""},
		{"web-[12-13]", "Failed to resolve 'web-12': host or group not found\nFailed to resolve 'web-13': host or group not found",
			"did you mean 'web12' instead of 'web-12'?; did you mean 'web1' instead of 'web-13'?"},
		{"web[12]", `can't resolve "web[12]": group "web" has 12 hosts, the first of which is web[0]`, ""},
		{"db[7]", `can't resolve "db[7]": group "db" has 3 hosts, the first of which is db[0]`, ""},
		{"db[5:]", `can't resolve "db[5:]": group "db" has 3 hosts, the first of which is db[0]`, ""},
		{"~(", `can't resolve "~(": expected a regular expression after ~, as https://golang.org/s/re2syntax has them`, ""},
		{"w[*", `can't resolve "w[*": expected characters between [ and ]`, ""},
		{"w[z-a]*", `can't resolve "w[z-a]*": expected what is in brackets to go upwards, as [1-20] or [a-f]`, ""},
		{"w[003-001]", `can't resolve "w[003-001]": range "[003-001]": it ends before it begins`, ""},
		{"web[01-2]", `can't resolve "web[01-2]": range "[01-2]": both ends need the same number of digits when the first begins with 0`, ""},
		{"we[b][10-9]", `can't resolve "we[b][10-9]": range "[10-9]": it ends before it begins`, ""},
		{"we[b][10:9]", `can't resolve "we[b][10:9]": range "[10:9]": it ends before it begins`, ""},
		{"we[b]1[0,2-1]*", `can't resolve "we[b]1[0,2-1]*": range "[0,2-1]": it ends before it begins`, ""},
		{"all:!we[b][1,,2]", `can't resolve "we[b][1,,2]": range "[1,,2]": expected [from:to] or [from:to:step]`, ""},
		{"w*[99]", `can't resolve "w*[99]": "w*" fits 12 hosts, and [0] is the first of them`, ""},
		{"zzz*[0]", `can't resolve "zzz*[0]": "zzz*" fits 0 hosts, and [0] is the first of them`, ""},
		{"n[1-9999999]", `can't resolve "n[1-9999999]": "[1-9999999]" stands for more than 1048576 names`, ""},
		{"n[1-9999999]*", `can't resolve "n[1-9999999]*": "[1-9999999]" stands for more than 10000 names`, ""},
		{"root@web*", `can't resolve "root@web*": '*' can't be in this place of a name` + ": " + naming.NameRule,
			"a pattern takes hosts of the inventory, whose user is given with -u or there"},
		{"me:secret@[1-2]", `can't resolve "me:***@1": a password can't be given in the name of a host`, ""},
		{"u:pw!@h", `can't resolve "u:***@h": a password can't be given in the name of a host`, ""},
		{"!", `can't resolve "": the name is missing`, ""},
		{"@", `expected the name of a file after @`, ""},
	} {
		t.Run(c.pattern, func(t *testing.T) {
			targets, err := inv.Resolve(t.Context(), []string{c.pattern}, Defaults{User: "u"})
			if err == nil {
				t.Fatalf("resolved to %s", namesOf(targets))
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := fault.Hint(err); got != c.hint {
				t.Errorf("hint %q, want %q", got, c.hint)
			}
		})
	}
}

func TestPatternList(t *testing.T) {
	inv := inventoryOf(t, patternInventory)
	inv.lookUp = dns(t)
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	list := write("list", "# dead ones\r\ndb01  # the first\r\n\r\nweb[1-2]\r\nroot@n1\r\n")
	for pattern, want := range map[string]string{
		"@" + list:                                 "db01 web1 web2 root@n1",
		"db,root@n1:!@" + list:                     "db02 db03",
		"db:&@" + list + ":lone,web1":              "db01 web1",
		"root@n1,root@n2,!@" + list:                "root@n2",
		"@" + write("narrow", "db\n!db02\n"):       "db01 db03",
		"web1,db:!@" + write("not", "db\n!db02\n"): "web1 db02",
	} {
		targets, err := inv.Resolve(t.Context(), []string{pattern}, Defaults{User: "u"})
		if got := namesOf(targets); err != nil || got != want {
			t.Errorf("%s is %q, %v, want %q", pattern, got, err, want)
		}
	}
	for path, want := range map[string]string{
		write("none", "# nothing\n"):                    "none: expected a host or a pattern a line, and found none",
		write("nested", "db\n@other\n"):                 "nested:2: a list of hosts can't name another",
		write("control", "db\x1b[2J\n"):                 "control:1: expected a pattern without control characters",
		write("binary", "\xff\xfe"):                     "binary: expected text in UTF-8",
		write("unknown", "no-1\ndb01\n"):                "Failed to resolve 'no-1': host or group not found",
		filepath.Join(dir, "missing"):                   "missing: no such file or directory",
		dir:                                             "is a directory",
		write("huge", strings.Repeat("x\n", 4<<20/2+1)): "huge: larger than 4 MiB",
	} {
		_, err := inv.Resolve(t.Context(), []string{"@" + path}, Defaults{})
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
}

func TestLimit(t *testing.T) {
	inv := inventoryOf(t, patternInventory)
	inv.lookUp = dns(t)
	for _, c := range []struct {
		limit       []string
		runs        []string
		want, error string
	}{
		{nil, []string{"db", "lone"}, "db01 db02 db03, lone", ""},
		{[]string{"db0[12]"}, []string{"db", "lone"}, "db01 db02, ", ""},
		{[]string{"db", "!db01"}, []string{"db", "all"}, "db02 db03, db02 db03", ""},
		{[]string{"!db01"}, []string{"db", "root@n1"}, "db02 db03, root@n1", ""},
		{[]string{"n*"}, []string{"root@n1", "root@n2,db"}, "root@n1, root@n2", ""},
		{[]string{"root@n1"}, []string{"root@n1", "root@n2,db"}, "root@n1, ", ""},
		{[]string{"db01"}, []string{"root@db01", "db"}, "root@db01, db01", ""},
		{[]string{"db01"}, []string{"no-such,db01"}, "db01", ""},
		{[]string{"web"}, []string{"db"}, "", `--limit: "web" leaves no host of this run`},
		{[]string{"db-1,lone"}, []string{"db"}, "", "--limit: Failed to resolve 'db-1': host or group not found"},
		{[]string{"db,zz*"}, []string{"db"}, "", `--limit: can't resolve "zz*": no host or group of the inventory fits`},
		{[]string{"!n1"}, []string{"db"}, "", "--limit: Failed to resolve 'n1': host or group not found"},
		{[]string{""}, []string{"db"}, "", "--limit: expected a host or a pattern instead of an empty limit"},
		{[]string{"~("}, []string{"db"}, "", `--limit: can't resolve "~(": expected a regular expression after ~, as https://golang.org/s/re2syntax has them`},
	} {
		limit := inv.NewLimit(c.limit)
		var got []string
		for _, words := range c.runs {
			targets, _, err := limit.Resolve(t.Context(), []string{words}, Defaults{User: "u"})
			if err != nil {
				t.Fatalf("%s: %v", words, err)
			}
			got = append(got, namesOf(targets))
		}
		err := limit.Check()
		if c.error == "" && (err != nil || strings.Join(got, ", ") != c.want) {
			t.Errorf("limit %q of %q: got %q, %v, want %q", c.limit, c.runs, got, err, c.want)
		}
		if c.error != "" && (err == nil || err.Error() != c.error) {
			t.Errorf("limit %q of %q: got %v, want %s", c.limit, c.runs, err, c.error)
		}
	}
}
