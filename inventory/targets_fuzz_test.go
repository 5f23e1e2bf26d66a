package inventory

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/inventory/naming"
)

// In each format, an inventory that Read accepts can be resolved to targets with unique, valid names.
func FuzzTargets(f *testing.F) {
	for _, glob := range []string{"ansible/testdata/read/*.txt", "ansible/testdata/ansible/*/*.[ijy]*"} {
		cases, err := filepath.Glob(glob)
		if err != nil || len(cases) == 0 {
			f.Fatalf("no cases: %v", err)
		}
		for _, path := range cases {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			source, _, _ := strings.Cut(string(data), "\n--------\n")
			f.Add(source)
		}
	}
	f.Add(testInventory)
	f.Add(oddInventory)
	f.Fuzz(func(t *testing.T, source string) {
		for _, name := range []string{"hosts.ini", "hosts.yml"} {
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
				t.Fatal(err)
			}
			inv, err := Read(t.Context(), []string{path})
			if err != nil || len(inv.Hosts()) > 1000 {
				continue
			}
			for _, host := range inv.Hosts() {
				checkTargets(t, inv, host)
			}
		}
	})
}

func checkTargets(t *testing.T, inv *Inventory, word string) {
	t.Helper()
	inv.lookUp = func(context.Context, string) ([]string, error) { return nil, &net.DNSError{IsNotFound: true} }
	targets, err := inv.Resolve(t.Context(), []string{word}, Defaults{User: "u"})
	if err != nil {
		if !naming.Printable(strings.ReplaceAll(err.Error(), "\n", "")) {
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
		if !naming.Printable(target.Name) || !naming.Printable(target.Address) || !naming.Printable(target.SSH.User) {
			t.Errorf("strange characters in %+v", target)
		}
		if target.Kind == Local {
			continue
		}
		host, port, err := net.SplitHostPort(target.Address)
		if err != nil || naming.CheckHost(host) != nil || checkPort(port) != nil {
			t.Errorf("address %q: %v", target.Address, err)
		}
	}
}
