package command

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sloth-runner/inventory"
	"sloth-runner/view/layout"
)

// The hosts that a run names as ranges, for the next one, are these hosts and no others, whatever else the inventory has.
func TestFoldedHostsAreTheSameHosts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hosts.ini")
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.OneOf(rapid.Map(rapid.IntRange(0, 120), func(n int) string { return fmt.Sprint(n) }),
			rapid.Map(rapid.IntRange(0, 120), func(n int) string { return fmt.Sprintf("%03d", n) }))
		name := rapid.Custom(func(t *rapid.T) string {
			form := rapid.SampledFrom([]string{"web-%s", "%s", "db%s.example.com", "rack%s-node"}).Draw(t, "form")
			return fmt.Sprintf(form, "n"+number.Draw(t, "number"))
		})
		all := rapid.SliceOfNDistinct(name, 2, 60, rapid.ID[string]).Draw(t, "all")
		some := slices.Clone(all[:rapid.IntRange(1, len(all)).Draw(t, "some")])
		if err := os.WriteFile(path, []byte(strings.Join(all, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		inv, err := inventory.Read(t.Context(), []string{path})
		if err != nil {
			t.Fatal(err)
		}
		word := strings.Join(layout.Fold(some), ",")
		for what, resolve := range map[string]func() ([]inventory.Target, error){
			"--delegate-to": func() ([]inventory.Target, error) {
				return inv.Resolve(t.Context(), []string{word}, inventory.Defaults{})
			},
			"--limit": func() ([]inventory.Target, error) {
				targets, _, err := inv.NewLimit([]string{word}).Resolve(t.Context(), all, inventory.Defaults{})
				return targets, err
			},
		} {
			targets, err := resolve()
			if err != nil {
				t.Fatalf("%s %s: %v", what, word, err)
			}
			var got []string
			for _, target := range targets {
				got = append(got, target.Name)
			}
			slices.Sort(got)
			slices.Sort(some)
			if !slices.Equal(got, some) {
				t.Fatalf("%s %s: %q, want %q", what, word, got, some)
			}
		}
	})
}
