package sloth

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzLoad finds sources that crash, hang, or have operator and host disagree.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/load/*.txt", "testdata/run/*.txt"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			f.Fatalf("no seeds in %s: %v", pattern, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			source, _, _ := strings.Cut(string(data), separator)
			f.Add(source)
		}
	}
	for _, attack := range attacks {
		if len(attack.source) < 200 {
			f.Add(attack.source)
		}
	}
	f.Fuzz(func(t *testing.T, source string) {
		start := time.Now()
		bounds := limits{time: 100 * time.Millisecond, memory: 128 << 20, tooLong: errTestTime, tooMuch: errTestMemory}
		machine, err := open(t.Context(), "fuzz.sloth", []byte(source), nil, bounds)
		if took := time.Since(start); took > 10*time.Second {
			t.Fatalf("took %s", took)
		}
		if err != nil {
			var problems Problems
			if !errors.As(err, &problems) {
				t.Fatalf("not Problems: %v", err)
			}
			if strings.Contains(err.Error(), "runtime error") || strings.Contains(err.Error(), "0x") && !strings.Contains(source, "x") {
				t.Fatalf("reads like Go: %v", err)
			}
			return
		}
		defer machine.Close()
		for _, group := range machine.Plan().Groups {
			if nameProblem(group.Name) != "" || len(group.Tasks) == 0 {
				t.Fatalf("group %q with %d tasks", group.Name, len(group.Tasks))
			}
		}
	})
}
