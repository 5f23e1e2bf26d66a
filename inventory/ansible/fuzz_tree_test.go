package ansible

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// YAML, JSON and output of programs that Read accepts can be resolved. An error of Read has a place.
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
