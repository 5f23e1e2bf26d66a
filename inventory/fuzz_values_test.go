package inventory

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// What Read accepts of YAML, of JSON and of what a program prints can be resolved; what it refuses has a place.
func FuzzReadTree(f *testing.F) {
	fixtures, err := filepath.Glob("testdata/ansible/*/*.[jy]*")
	if err != nil || len(fixtures) == 0 {
		f.Fatalf("no fixtures: %v", err)
	}
	for _, path := range fixtures {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	for _, text := range oddForms {
		f.Add(text)
	}
	for _, seed := range []string{
		"a: &a [*a]", "a: &a {hosts: *a}", "all: {hosts: {h: {<<: [{a: 1}, {b: 2}]}}}", `{"web": {"hosts": ["a"]}}`,
		"---\n---\n", `{"_meta": {"hostvars": {"a": {}}}, "g": ["a"]}`, "!!binary x", "? [a]\n: b", "a: !x y", "<<: 1", "[",
		"\"\x00\"", `{"g": {}}`, "web: {hosts: \"w[1:3]:22\", children: c}", "web: {hosts: {h: {\"a\\e\": 1}}}",
		"x: &x [y,y,y,y]\na: &a [*x,*x,*x,*x]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b]",
	} {
		f.Add(seed)
	}
	problem := regexp.MustCompile(`^hosts\.(yml|json)(:\d+)?: .`)
	f.Fuzz(func(t *testing.T, source string) {
		for _, name := range []string{"hosts.yml", "hosts.json"} {
			r := newReader()
			r.entriesLeft = 1000
			if name == "hosts.yml" {
				r.readText(name, source)
			} else if root := r.parseOutput(name, source); root != nil {
				r.readDynamic(name, root)
			}
			checkRead(t, r, problem)
		}
	})
}

// A literal is a value that JSON has.
func FuzzLiteral(f *testing.F) {
	for _, seed := range []string{
		"1", "-1", "'a' # b", "[1, (2,), {'a': None}]", `"\x41\u00e9\N{x}\777"`, "1e999", "0x_1", "1_000", `r'\\'`, `b'\xff'`,
		"{1, 2}", "1,", "'''", "((((", "--1", "1if", "Nonesuch", "007", ".", "1j", "{'a'}", "()", "True#", `'\`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		value := literal(text)
		if _, err := json.Marshal(value); err != nil {
			t.Errorf("%q is %#v: %v", text, value, err)
		}
		if s, ok := value.(string); ok && !utf8.ValidString(s) {
			t.Errorf("%q is %q", text, s)
		}
	})
}

// Arguments for ssh come out as options of ssh_config, each with a name and a value.
func FuzzSSHArgs(f *testing.F) {
	for _, seed := range []string{
		"-J a -F b", "-o A=b -oC=d -o 'E f'", "-Cq -p22", "-", "--", "-o", "-o =", "'", "-v x",
		"-tt -nNTX -S '/tmp/a b' -E log -2 -vvvy", "-D 1080 -L 8080:b:80 -R [::1]:1:/s -w any", "-L [:::]", `-L \\`, "-R ::::", "-L ''",
		`-i "a'\\#\"" -l b -l ''`, "-l", "-\xff", "-o\nX=1", "-M -M -M", "-V", "-W a:1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var args SSHArgs
		if err := args.add(text); err != nil {
			if !printable(err.Error()) {
				t.Errorf("error with strange characters: %q", err)
			}
			return
		}
		for _, option := range args.Options {
			if name, value, found := strings.Cut(option, "="); !found || name == "" || value == "" {
				t.Errorf("%q gives %q", text, option)
			}
		}
		if err := args.arguments().Check(); err != nil && !printable(err.Error()) {
			t.Errorf("error with strange characters: %q", err)
		}
	})
}
