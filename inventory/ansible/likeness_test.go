package ansible_test

import (
	"os"
	"path/filepath"
	"testing"

	"sloth-runner/inventory/ansible"
)

// Directories called inventory: their files by name, and whether such a directory counts as an inventory.
func TestLooksLikeOne(t *testing.T) {
	t.Parallel()
	const source, broken = "package main\n\nfunc main() {}\n", "[web\n"
	for name, test := range map[string]struct {
		files map[string]string
		want  bool
	}{
		"nothing":                    {nil, false},
		"hosts":                      {map[string]string{"hosts": "web-1\n"}, true},
		"broken":                     {map[string]string{"production": broken}, true},
		"broken beside a patch":      {map[string]string{"hosts": broken, "fix.patch": source}, true},
		"another ending":             {map[string]string{"web.prod": "[web]\nweb-1\n"}, true},
		"beside source":              {map[string]string{"main.go": source, "staging.yml": "all: {hosts: {web-1: }}\n"}, true},
		"passed over with a warning": {map[string]string{"production.ini": "web-1\n"}, true},
		"directories":                {map[string]string{"README.md": "# Hosts\n", "staging/hosts": "web-1\n"}, true},
		"variables":                  {map[string]string{"group_vars/all.yml": "a: 1\n"}, true},
		"source":                     {map[string]string{"hosts.go": source, "testdata/hosts": "web-1\n"}, false},
		"source of a service":        {map[string]string{"main.go": source, "Dockerfile": "FROM scratch\n", "package.json": `{"name": "x"}`}, false},
		"empty files among source":   {map[string]string{"__init__.py": "", "models.py": "import os\n", "migrations/0001.py": "import os\n"}, false},
		"nothing but a page of text": {map[string]string{"README.md": "# Stock\n"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for file, text := range test.files {
				path := filepath.Join(dir, file)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got := ansible.LooksLikeOne(dir); got != test.want {
				t.Errorf("LooksLikeOne = %v, want %v", got, test.want)
			}
		})
	}
}

// A program counts as an inventory without being run.
func TestLooksLikeOneProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cloud.py"), []byte("#!/bin/false\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if !ansible.LooksLikeOne(dir) {
		t.Error("a directory with a program was not taken for an inventory")
	}
}
