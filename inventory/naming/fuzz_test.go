package naming

import (
	"strings"
	"testing"
)

// A pattern expands to as many names as its ranges have, and to none above the limit.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{
		"web", "web[01:20].example.com", "[a:f]x", "n[1:9:2]", "[1:2][a:b]", "[::1]:22", "z[:3]", "l[x:C]",
		"[1:999999999]", "[9:1]", "[[1:2]]", "]", "[", "[1:2", "[::1][1:2]", "[1:2:3:4:5:6:7:8]", "[01:2]",
	} {
		f.Add(seed)
	}
	const limit = 200
	f.Fuzz(func(t *testing.T, pattern string) {
		names, err := Expand(pattern, limit)
		if err != nil {
			if !Printable(err.Error()) {
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
			// Names may be as wide as their numbers, which are not longer than their pattern.
			if len(name) > len(pattern)+1 {
				t.Errorf("%q stands for %q", pattern, name)
			}
		}
	})
}

// The name of a target, parsed as a word, means the same target. Invalid characters of a word are never in a result.
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
		if !Printable(ShowWord(text)) {
			t.Errorf("shown as %q", ShowWord(text))
		}
		w, err := ParseWord(text)
		if err != nil {
			if !Printable(err.Error()) {
				t.Errorf("error with strange characters: %q", err)
			}
			return
		}
		if !Printable(w.Name()) || strings.ContainsAny(w.Host, "@,[] ") || strings.HasPrefix(text, "ssh://") && strings.Contains(w.Host, "/") {
			t.Errorf("%q is %+v", text, w)
		}
		again, err := ParseWord(w.Name())
		if err != nil || again != w {
			t.Errorf("%q is %+v, but its name %q is %+v, %v", text, w, w.Name(), again, err)
		}
	})
}
