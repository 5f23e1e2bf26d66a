package ansible

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sloth-runner/inventory/naming"
)

// The names in an inventory that Read accepts are valid. An error of Read has a place.
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
			if !problem.MatchString(line) && !strings.HasPrefix(line, "and ") || !naming.Printable(line) {
				t.Errorf("problem without a place, or with strange characters: %q", line)
			}
		}
		return
	}
	for _, warning := range inv.Warnings() {
		if !naming.Printable(warning) {
			t.Errorf("warning with strange characters: %q", warning)
		}
	}
	for _, h := range inv.AllHosts() {
		if err := naming.CheckHost(h.Name); err != nil {
			t.Errorf("host %q: %v", h.Name, err)
		}
		if _, err := json.Marshal(inv.HostVars(h.Name)); err != nil {
			t.Errorf("variables of %s: %v", h.Name, err)
		}
	}
}
