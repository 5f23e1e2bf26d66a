package audit

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestLog(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	const size, writers, each = 4000, 8, 20
	log, err := Open(path, size, 20)
	if err != nil {
		t.Fatal(err)
	}
	var writing sync.WaitGroup
	for range writers {
		writing.Go(func() {
			for range each {
				if err := log.Write(Entry{Who: "operator anna", Did: "Revoke", What: "a\nb", Result: "done"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	if err := log.Write(Entry{}); err == nil {
		t.Error("a closed log was written to")
	}
	paths, err := filepath.Glob(path + "*")
	if err != nil || len(paths) < 3 {
		t.Fatalf("it did not rotate: %v (%v)", paths, err)
	}
	lines := 0
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > size || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has %d bytes and mode %04o", path, info.Size(), info.Mode().Perm())
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for scanner := bufio.NewScanner(strings.NewReader(string(data))); scanner.Scan(); lines++ {
			var e Entry
			if err := json.Unmarshal(scanner.Bytes(), &e); err != nil || e.What != "a\nb" || e.Time.IsZero() {
				t.Errorf("%s: %v", scanner.Text(), err)
			}
		}
	}
	if lines != writers*each {
		t.Errorf("%d lines, want %d", lines, writers*each)
	}
}
