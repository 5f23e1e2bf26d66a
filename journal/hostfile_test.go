package journal

import (
	"net/url"
	"strings"
	"testing"
)

func TestHostFile(t *testing.T) {
	long := strings.Repeat("a", 200)
	for host, want := range map[string]string{
		"web-1":              "web-1.log",
		"Web-1":              "%57eb-1.log",
		"root@10.0.0.1:2222": "root@10.0.0.1%3a2222.log",
		"ssh://u@h":          "ssh%3a%2f%2fu@h.log",
		".":                  "%2e.log",
		"..":                 "%2e..log",
		"-rf":                "%2drf.log",
		"a~b":                "a%7eb.log",
		"é":                  "%c3%a9.log",
		long:                 long[:87] + "~c2a908d98f5df987ade41b5fce213067.log",
	} {
		if got := hostFile(host); got != want {
			t.Errorf("hostFile(%q) = %q, want %q", host, got, want)
		}
	}
}

// Different hosts have different files, on every file system, and a name that is not cut can be read back.
func FuzzHostFile(f *testing.F) {
	f.Add("web-1", "WEB-1")
	f.Add("..", "%2e.")
	f.Add("é", "e\u0301")
	f.Add(strings.Repeat("x", 200), strings.Repeat("x", 201))
	f.Add("a/b", "a%2fb")
	f.Add("", "\x00")
	f.Fuzz(func(t *testing.T, a, b string) {
		fileA, fileB := hostFile(a), hostFile(b)
		if (a == b) != strings.EqualFold(fileA, fileB) {
			t.Fatalf("hosts %q and %q have the files %q and %q", a, b, fileA, fileB)
		}
		if len(fileA) > maxHostFile+len(".log") || strings.ContainsAny(fileA, "/\\:\x00") || fileA[0] == '-' {
			t.Fatalf("hostFile(%q) = %q", a, fileA)
		}
		name := strings.TrimSuffix(fileA, ".log")
		if strings.Contains(name, "~") {
			return
		}
		if back, err := url.PathUnescape(name); err != nil || back != a {
			t.Fatalf("hostFile(%q) = %q, which is %q, error %v", a, fileA, back, err)
		}
	})
}
