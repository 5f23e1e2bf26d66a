package sshconfig

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every file gives settings or a problem with a line number, and no name in the settings can be an option.
func FuzzConfig(f *testing.F) {
	cases, err := filepath.Glob("testdata/parity/*.txt")
	if err != nil || len(cases) == 0 {
		f.Fatalf("no cases: %v", err)
	}
	for _, path := range cases {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data), "a")
	}
	for _, c := range refused {
		f.Add(c.text, "a")
	}
	place := regexp.MustCompile(`^(config:\d+: |"[^"]*": )?.`)
	f.Fuzz(func(t *testing.T, text, host string) {
		l := loader{home: "/home/u"}
		// No file is read, as the files that Include matches depend on the machine.
		text = regexp.MustCompile(`(?i)include`).ReplaceAllString(text, "X")
		l.config.files = []*file{l.parse("config", text, true, 0)}
		for _, problem := range l.config.problems {
			if !place.MatchString(problem.Error()) || strings.ContainsFunc(problem.Error(), func(r rune) bool { return r < ' ' }) {
				t.Errorf("problem %q", problem)
			}
		}
		q := Query{Host: host}
		if q.prepare() != nil {
			return
		}
		local := &Local{User: "u", UID: "1", Home: "/home/u", Host: "here.example", Getenv: func(string) (string, bool) { return "", false }}
		s, jumps, err := fill(q, local, evaluate(q, local, &l.config).values)
		if err != nil {
			return
		}
		if strings.HasPrefix(s.HostName, "-") || s.Port < 1 || s.Port > 65535 {
			t.Errorf("%+v", s)
		}
		for _, j := range jumps {
			if strings.HasPrefix(j.host, "-") || j.host == "" {
				t.Errorf("jump %+v", j)
			}
		}
	})
}

// Quoted arguments are read back unchanged.
func FuzzArguments(f *testing.F) {
	for _, seed := range []string{"", "a b", `say "hi"`, "it's", `back\slash`, "#", "=", "\t"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
		got, err := splitArguments("first " + quoted + " last # comment")
		if err != nil || !slices.Equal(got, []string{"first", text, "last"}) {
			t.Errorf("%s gives %q, %v", quoted, got, err)
		}
	})
}

// The name of a jump host parses to the same jump host.
func FuzzJump(f *testing.F) {
	for _, seed := range []string{"a", "u@a:22", "[::1]:2", "::1", "ssh://u@a:3/", "u@v@a", "a:", "@a", "-oX", "none", "a,b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		j, err := parseJump(text)
		if err != nil {
			return
		}
		if again, err := parseJump(j.String()); err != nil || again != j {
			t.Errorf("%q is %+v, but its name %q is %+v, %v", text, j, j.String(), again, err)
		}
		if net.JoinHostPort(j.host, strconv.Itoa(j.port)) == "" || strings.HasPrefix(j.host, "-") {
			t.Errorf("%q is %+v", text, j)
		}
	})
}
