package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A file that is damaged is a sentence, never a panic, and never a registry in which something is missing.
func TestDamagedFile(t *testing.T) {
	t.Parallel()
	whole, want := filled(t)
	const page = 4096
	rng := rand.New(rand.NewPCG(1, 2))
	damages := map[string]func([]byte) []byte{
		"half":     func(data []byte) []byte { return data[:len(data)/2] },
		"one page": func(data []byte) []byte { return data[:page] },
		"no end":   func(data []byte) []byte { return data[:len(data)-len(data)/4] },
		"text":     func([]byte) []byte { return []byte(strings.Repeat("this is no registry\n", 1000)) },
		"zeros":    func(data []byte) []byte { return make([]byte, len(data)) },
	}
	for at := 0; at+page <= len(whole); at += page {
		damages[fmt.Sprintf("zeros in page %d", at/page)] = func(data []byte) []byte {
			clear(data[at : at+page])
			return data
		}
		damages[fmt.Sprintf("page %d is another", at/page)] = func(data []byte) []byte {
			copy(data[at:at+page], whole[rng.IntN(len(whole)/page)*page:])
			return data
		}
		// What says how to read the page is worth more than what is in it.
		for range 12 {
			flip(damages, at+rng.IntN(80), rng.IntN(8))
		}
		for range 4 {
			flip(damages, at+rng.IntN(page), rng.IntN(8))
		}
	}
	dir, damaged := t.TempDir(), 0
	for what, damage := range damages {
		path := filepath.Join(dir, "registry.db")
		if err := os.WriteFile(path, damage(slices.Clone(whole)), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := OpenFile(path)
		if err != nil {
			damaged++
			if text := err.Error(); !strings.Contains(text, path) || strings.ContainsAny(text, "\n") || strings.Contains(text, "runtime") || len(text) > 300 {
				t.Errorf("%s: this is no sentence: %v", what, err)
			}
			continue
		}
		if got := scan(t, s, ""); !slices.Equal(got, want) {
			t.Errorf("%s: it was opened, and has %d entries, or others, and not its %d", what, len(got), len(want))
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if damaged < len(damages)/4 {
		t.Errorf("only %d of %d damages were found: the test damages what does not matter", damaged, len(damages))
	}
	t.Logf("%d of %d damages were found; the others changed nothing that counts", damaged, len(damages))
}

func flip(damages map[string]func([]byte) []byte, at, bit int) {
	damages[fmt.Sprintf("bit %d of byte %d", bit, at)] = func(data []byte) []byte {
		data[at] ^= 1 << bit
		return data
	}
}

// filled is the file of a registry of several pages, some of which are free, and its entries.
func filled(t *testing.T) (file []byte, entries []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "registry.db")
	s, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 6 {
		var pairs []string
		for i := range 50 {
			pairs = append(pairs, fmt.Sprintf("agent/web-%d-%d", n, i), fmt.Sprintf(`{"name":"web-%d","joined":"%0*d"}`, i, 20+i, n))
		}
		set(t, s, pairs...)
	}
	err = s.Update(t.Context(), func(tx Tx) error {
		for i := range 50 {
			if err := tx.Delete(fmt.Sprintf("agent/web-3-%d", i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	entries = scan(t, s, "")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if file, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return file, entries
}

// A file that is cut while the master runs, as by a copy onto it, ends no process.
func TestFileIsCutWhileItIsOpen(t *testing.T) {
	t.Parallel()
	whole, _ := filled(t)
	for name, use := range map[string]func(Store) error{
		"get":  func(s Store) error { _, err := s.Get(t.Context(), "agent/web-1-1"); return err },
		"scan": func(s Store) error { return s.Scan(t.Context(), "", func(string, []byte) error { return nil }) },
		"update": func(s Store) error {
			return s.Update(t.Context(), func(tx Tx) error { return tx.Put("agent/web-1-1", []byte("1")) })
		},
	} {
		path := filepath.Join(t.TempDir(), "registry.db")
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, 0); err != nil {
			t.Fatal(err)
		}
		if err := use(s); err == nil || !strings.Contains(err.Error(), "is damaged") {
			t.Errorf("%s: %v", name, err)
		}
		if err := use(s); err == nil || !strings.Contains(err.Error(), "has to be started anew") {
			t.Errorf("%s again: %v", name, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
