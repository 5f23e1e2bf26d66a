package file

import (
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/fakehost"
)

// BenchmarkWriteUnchanged is the price of a call that finds all as it should be.
func BenchmarkWriteUnchanged(b *testing.B) {
	path := filepath.Join(b.TempDir(), "f")
	options := module.Table{"content": strings.Repeat("0123456789abcde\n", 64), "mode": "0644"}
	host := new(fakehost.Host)
	if _, err := fakehost.Call(b.Context(), Module(), "write", host, path, options); err != nil {
		b.Fatal(err)
	}
	m := Module()
	for b.Loop() {
		if outcome, err := fakehost.Call(b.Context(), m, "write", host, path, options); err != nil || len(outcome.Changes) > 0 {
			b.Fatal(outcome, err)
		}
	}
}
