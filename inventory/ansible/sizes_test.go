package ansible

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A source may use groups that another source defines, and later sources override earlier ones.
func TestReadSeveral(t *testing.T) {
	inv := mustRead(t,
		"[prod:children]\nweb\n[web:vars]\nport=80\nname=one\n[web]\nw1 from=first\n",
		"[web]\nw2\nw1 more=yes\n[web:vars]\nname=two\n",
		"w3\nw1 from=third\n")
	want := `w1
    from="third" hosts3.ini:2
    more="yes" hosts2.ini:3
    name="two" hosts2.ini:5
    port=80 hosts1.ini:4
w2
    name="two" hosts2.ini:5
    port=80 hosts1.ini:4
w3
[all] w1 w2 w3
[prod] w1 w2
[ungrouped] w3
[web] w1 w2
`
	if diff := cmp.Diff(want, describe(inv, nil)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A group that is reached by two paths has the depth of the longer one, and lists its hosts once.
func TestDiamond(t *testing.T) {
	inv := mustRead(t, "[top:children]\nleft\nbottom\n[left:children]\nbottom\n[bottom]\nh\n"+
		"[left:vars]\nx=left\n[bottom:vars]\nx=bottom\n[top:vars]\nx=top\n")
	if got := inv.Variables(inv.Host("h"))["x"].Data; got != "bottom" {
		t.Errorf("x=%v, want bottom", got)
	}
	if n := len(inv.HostsOf(inv.Group("top"))); n != 1 {
		t.Errorf("top has %d hosts", n)
	}
}

// A small file that is large in memory, or deeply nested, is refused. Long values are read in linear time.
func TestSizesOfValues(t *testing.T) {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := range 12 {
		bomb += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 8), i)
	}
	for _, c := range []struct{ name, file, text, want string }{
		{"aliases", "hosts.yml", bomb, "too many values in one file"},
		{"alias of itself", "hosts.yml", "all: &all {hosts: *all}", "hosts.yml:1: values nested more than 100 deep"},
		{"deep YAML", "hosts.yml", "a: " + strings.Repeat("[", 5000), "hosts.yml:"},
		{"deep flow", "hosts.yml", "a: " + strings.Repeat("[", 200) + strings.Repeat("]", 200), "hosts.yml:1: values nested more than 100 deep"},
		{"deep JSON", "hosts.json", `{"a": ` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}", "hosts.json:1: values nested more than 100 deep"},
		{"many hosts", "hosts.yml", "all:\n  hosts:\n    h[1:2000000]:\n", "hosts.yml:3: "},
		{"long list", "hosts.ini", "h a=[" + strings.Repeat("1,", 1<<20) + "]", ""},
		{"long digits", "hosts.ini", "h a=" + strings.Repeat("1", 1<<20), ""},
		{"long string", "hosts.ini", "[all:vars]\na='" + strings.Repeat(`\\n`, 1<<20) + "'", ""},
		{"deep literal", "hosts.ini", "h a=" + strings.Repeat("[", 1<<20), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newReader()
			r.readText(c.file, c.text)
			_, err := r.finish()
			if (err != nil) != (c.want != "") || !strings.Contains(message(err), c.want) {
				t.Errorf("got %.200v, want ...%s...", err, c.want)
			}
		})
	}
}

// Sizes beyond any real inventory are refused, and sizes of large inventories are read. They are so large that a step
// with quadratic time would exceed the test's limit.
func TestSizes(t *testing.T) {
	chain := func(n int) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "[g%d:children]\ng%d\n", i, i+1)
		}
		fmt.Fprintf(&text, "[g%d]\nh\n", n)
		return text.String()
	}
	numbered := func(n int) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "h%d\n", i)
		}
		return text.String()
	}
	for _, c := range []struct {
		name, text, want string
		fails            bool
	}{
		{"many hosts", "[web]\nweb[1:100000] a=b\n[db]\ndb[1:100000]\n", "", false},
		{"long range", "web[1:1000000000]", `hosts.ini:1: "web[1:1000000000]" stands for more hosts`, true},
		{"many ranges", strings.Repeat("web[1:100000]\n", 11), "stands for more hosts", true},
		{"wide pattern", strings.Repeat("a[1:2]", 1000), "hosts.ini:1: a host name of more than 1020 bytes", true},
		{"many lines", strings.Repeat("h\n", maxEntries+10), "hosts.ini:1048577: more than 1048576 entries", true},
		{"many mistakes", strings.Repeat("h x=1 y\n", 20000), "and 19980 more", true},
		{"deep groups", chain(50000), "", false},
		{"deep cycle", chain(50000) + "[g50000:children]\ng0\n", "g0 > g1 > g2 > g3 > g4 > ... > ", true},
		{"one group often", "[g:children]\n" + strings.Repeat("c\n", 50000) + "[c]\n" + strings.Repeat("h\n", 50000), "", false},
		{"one host in many groups", func() string {
			var text strings.Builder
			for i := range 30000 {
				fmt.Fprintf(&text, "[g%d]\nh\n", i)
			}
			return text.String()
		}(), "", false},
		{"many undefined groups", "[p:children]\n" + strings.ReplaceAll(numbered(30000), "h", "g"), "and 29980 more", true},
		{"long line", "h a='" + strings.Repeat("x", 8<<20) + "'", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readText(c.text)
			if (err != nil) != c.fails || !strings.Contains(message(err), c.want) {
				t.Errorf("got %.200v, want ...%s...", err, c.want)
			}
		})
	}
}
