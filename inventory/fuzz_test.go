package inventory

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What Read accepts can be resolved to targets with unique, clean names; what it refuses has a place.
func FuzzReadINI(f *testing.F) {
	cases, err := filepath.Glob("testdata/read/*.txt")
	if err != nil || len(cases) == 0 {
		f.Fatalf("no cases: %v", err)
	}
	for _, path := range cases {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		source, _, _ := strings.Cut(string(data), separator)
		f.Add(source)
	}
	f.Add(testInventory)
	f.Add(oddForms["hosts.ini"])
	problem := regexp.MustCompile(`^hosts\.ini:\d+: .`)
	f.Fuzz(func(t *testing.T, source string) {
		r := newReader()
		r.entriesLeft = 1000
		r.readINI("hosts.ini", source)
		checkRead(t, r, problem)
	})
}

func checkRead(t *testing.T, r *reader, problem *regexp.Regexp) {
	t.Helper()
	inv, err := r.finish()
	if err != nil {
		for line := range strings.SplitSeq(err.Error(), "\n") {
			if !problem.MatchString(line) && !strings.HasPrefix(line, "and ") || !printable(line) {
				t.Errorf("problem without a place, or with strange characters: %q", line)
			}
		}
		return
	}
	for _, warning := range inv.Warnings() {
		if !printable(warning) {
			t.Errorf("warning with strange characters: %q", warning)
		}
	}
	for _, h := range inv.order {
		if err := checkHost(h.name); err != nil {
			t.Errorf("host %q: %v", h.name, err)
		}
		if _, err := json.Marshal(inv.HostVars(h.name)); err != nil {
			t.Errorf("variables of %s: %v", h.name, err)
		}
		checkTargets(t, inv, h.name)
	}
}

func checkTargets(t *testing.T, inv *Inventory, word string) {
	t.Helper()
	inv.lookUp = func(context.Context, string) ([]string, error) { return nil, &net.DNSError{IsNotFound: true} }
	targets, err := inv.Resolve(t.Context(), []string{word}, Defaults{User: "u"})
	if err != nil {
		if !printable(strings.ReplaceAll(err.Error(), "\n", "")) {
			t.Errorf("error with strange characters: %q", err)
		}
		return
	}
	names := map[string]bool{}
	for _, target := range targets {
		if names[target.Name] {
			t.Errorf("two targets are called %q", target.Name)
		}
		names[target.Name] = true
		if !printable(target.Name) || !printable(target.Address) || !printable(target.SSH.User) {
			t.Errorf("strange characters in %+v", target)
		}
		if target.Kind == Local {
			continue
		}
		host, port, err := net.SplitHostPort(target.Address)
		if err != nil || checkHost(host) != nil || checkPort(port) != nil {
			t.Errorf("address %q: %v", target.Address, err)
		}
	}
}

// A pattern stands for as many hosts as its ranges say, and for none above the limit.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{
		"web", "web[01:20].example.com", "[a:f]x", "n[1:9:2]", "[1:2][a:b]", "[::1]:22", "z[:3]", "l[x:C]",
		"[1:999999999]", "[9:1]", "[[1:2]]", "]", "[", "[1:2", "[::1][1:2]", "[1:2:3:4:5:6:7:8]", "[01:2]",
	} {
		f.Add(seed)
	}
	const limit = 200
	f.Fuzz(func(t *testing.T, pattern string) {
		names, err := expand(pattern, limit)
		if err != nil {
			if !printable(err.Error()) {
				t.Errorf("error with strange characters: %q", err)
			}
			return
		}
		if len(names) > limit || len(names) == 0 {
			t.Fatalf("%q stands for %d hosts", pattern, len(names))
		}
		if !strings.ContainsAny(pattern, "[]") && (len(names) != 1 || names[0] != pattern) {
			t.Errorf("%q stands for %q", pattern, names)
		}
		for _, name := range names {
			// Names may be as wide as their numbers, which are not longer than what stands for them.
			if len(name) > len(pattern)+1 {
				t.Errorf("%q stands for %q", pattern, name)
			}
		}
	})
}

// The name of a target is a word for the same target, and nothing in a word gets through as it should not.
func FuzzWord(f *testing.F) {
	for _, seed := range []string{
		"web-1", "10.0.0.1:50051", "[::1]:50051", "::1", "[::1]", "root@h", "root@h:22", "root@::1", "root@[::1]:2",
		"ssh://h", "ssh://root@h:22/", "ssh://a%40b@h", "ssh://a:b@h", "a:b@c", "me@corp@h", "fe80::1%eth0", "h:0",
		"http://x", "a\x00b", "a\u202eb", "\xff", "ssh://ssh://h", "x://y@z", "a,b", "..", "-x", "ssh://a%2fb@h",
		"aws/web/1", "u@aws/web/1:22", "ssh://h/x", "web+1", "web%2f1", "web~1^2", "ünï–x", "web 1", "tag:prod", "fe80::1%a/b",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !printable(showWord(text)) {
			t.Errorf("shown as %q", showWord(text))
		}
		w, err := parseWord(text)
		if err != nil {
			if !printable(err.Error()) {
				t.Errorf("error with strange characters: %q", err)
			}
			return
		}
		if !printable(w.name()) || strings.ContainsAny(w.host, "@,[] ") || strings.HasPrefix(text, "ssh://") && strings.Contains(w.host, "/") {
			t.Errorf("%q is %+v", text, w)
		}
		again, err := parseWord(w.name())
		if err != nil || again != w {
			t.Errorf("%q is %+v, but its name %q is %+v, %v", text, w, w.name(), again, err)
		}
	})
}

// What is quoted as a shell quotes comes out as it was.
func FuzzFields(f *testing.F) {
	for _, seed := range []string{"", "a b", "it's", `say "hi"`, `back\slash`, "#", ";", "\t", "a=b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, quoted := range []string{
			"'" + strings.ReplaceAll(text, "'", `'\''`) + "'",
			`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`,
		} {
			words, err := fields("h " + quoted + " x # comment")
			if err != nil || len(words) != 3 || words[0] != "h" || words[1] != text || words[2] != "x" {
				t.Errorf("%s gives %q, %v", quoted, words, err)
			}
		}
	})
}
