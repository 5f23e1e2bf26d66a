package ansible

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/inventory/model"
)

var update = flag.Bool("update", false, "write what Read gives into the cases of testdata")

const separator = "\n--------\n"

// Each case is an inventory file, a line of dashes, and the inventory or the errors that Read returns for it.
func TestRead(t *testing.T) {
	cases, err := filepath.Glob("testdata/read/*.txt")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			source, want, found := strings.Cut(string(data), separator)
			got := describe(readText(source))
			if *update {
				if err := os.WriteFile(path, []byte(source+separator+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if !found {
				t.Fatalf("no line of dashes")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// readText reads texts as if they were files.
func readText(texts ...string) (*model.Inventory, error) {
	r := newReader()
	for i, text := range texts {
		name := "hosts.ini"
		if len(texts) > 1 {
			name = fmt.Sprintf("hosts%d.ini", i+1)
		}
		r.readINI(name, text)
	}
	return r.finish()
}

func mustRead(t testing.TB, texts ...string) *model.Inventory {
	t.Helper()
	inv, err := readText(texts...)
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

// describe formats an inventory: hosts with the variables that hold for them, then groups with all hosts.
func describe(inv *model.Inventory, err error) string {
	if err != nil {
		return err.Error() + "\n"
	}
	var text strings.Builder
	for _, h := range inv.AllHosts() {
		text.WriteString(h.Name + "\n")
		v := inv.Variables(h)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			data, err := json.Marshal(v[name].Data)
			if err != nil {
				panic(err)
			}
			fmt.Fprintf(&text, "    %s=%s %s\n", name, data, v[name].At)
		}
	}
	for _, name := range slices.Sorted(slices.Values(inv.Groups())) {
		fmt.Fprintf(&text, "[%s]", name)
		for _, h := range inv.HostsOf(inv.Group(name)) {
			text.WriteString(" " + h.Name)
		}
		text.WriteString("\n")
	}
	return text.String()
}
