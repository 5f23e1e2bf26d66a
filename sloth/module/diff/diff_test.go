package diff

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sloth-runner/sloth/module"
)

func TestUnified(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		before, after []byte
		want          string
	}{
		{"same", []byte("a\n"), []byte("a\n"), ""},
		{"made", nil, []byte("a\nb\n"), "--- /dev/null\n+++ /f\n@@ -0,0 +1,2 @@\n+a\n+b\n"},
		{"made empty", nil, []byte{}, ""},
		{"removed", []byte("a"), nil, "--- /f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n\\ No newline at end of file\n"},
		{"a line", []byte("1\n2\n3\n4\n5\n6\n7\n8\n9\n"), []byte("1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
			"--- /f\n+++ /f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"},
		{"newline at the end", []byte("a\nb"), []byte("a\nb\n"), "--- /f\n+++ /f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
		{"a line at the beginning", []byte("b\n"), []byte("a\nb\n"), "--- /f\n+++ /f\n@@ -1 +1,2 @@\n+a\n b\n"},
		{"two far from each other", []byte("a\n1\n2\n3\n4\n5\n6\n7\nb\n"), []byte("A\n1\n2\n3\n4\n5\n6\n7\nB\n"),
			"--- /f\n+++ /f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n"},
		{"binary", []byte("a\x00"), []byte("b"), "Binary files differ: /f has 2 bytes before and 1 after\n"},
		{"bytes", []byte("\xff\n"), []byte("\xfe\n"), "--- /f\n+++ /f\n@@ -1 +1 @@\n-\xff\n+\xfe\n"},
	} {
		if got := Unified("/f", c.before, c.after); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
	if got := Unified("a\nb", nil, []byte("x\n")); !strings.HasPrefix(got, "--- /dev/null\n+++ \"a\\nb\"\n@@") {
		t.Error(got)
	}
}

// The program patch makes the one version of the other.
func TestPatchApplies(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("patch"); err != nil {
		t.Fatal("the program patch is needed:", err)
	}
	dir := t.TempDir()
	text := rapid.Custom(func(t *rapid.T) []byte {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "", "d\r", "\xff"}), 0, 30).Draw(t, "lines")
		return []byte(strings.Join(lines, "\n"))
	})
	for seed := range 25 {
		before, after := text.Example(seed), text.Example(seed+100)
		diff := Unified("f", before, after)
		if bytes.Equal(before, after) {
			continue
		}
		file, made := filepath.Join(dir, "f"), filepath.Join(dir, "made")
		if err := os.WriteFile(file, before, 0o600); err != nil {
			t.Fatal(err)
		}
		patch := exec.CommandContext(t.Context(), "patch", "--quiet", "--binary", "--fuzz=0", "-o", made, file)
		patch.Stdin = strings.NewReader(diff)
		output, err := patch.CombinedOutput()
		got, readErr := os.ReadFile(made)
		if err := errors.Join(err, readErr); err != nil || !bytes.Equal(got, after) {
			t.Fatalf("%q, %v, %s\n%s", got, err, output, diff)
		}
	}
}

// What is large or hard to compare takes little time and memory.
func TestUnifiedIsBounded(t *testing.T) {
	t.Parallel()
	different := func(mark string, n int) []byte {
		var text bytes.Buffer
		for i := range n {
			text.WriteString(mark + strings.Repeat("x", i%7) + "\n")
		}
		return text.Bytes()
	}
	long := strings.Repeat("x", 8<<20-2)
	every := bytes.ReplaceAll(different("a", 90_000), []byte("axxx\n"), []byte("changed\n"))
	for _, c := range []struct {
		name          string
		before, after []byte
		begins        string
		size          int
	}{
		{"10,000 different lines", different("a", 10_000), different("b", 10_000), "--- /f\n+++ /f\n@@ -1,10000 +1,10000 @@\n-a\n", module.MaxDiff + 1},
		{"one line of 8 MiB", []byte(long + "a"), []byte(long + "b"), "--- /f\n+++ /f\n@@ -1 +1 @@\n-xxx", module.MaxDiff + 1},
		{"a line in 8 MiB", []byte(strings.Repeat("\n", 4<<20) + "a" + strings.Repeat("\n", 4<<20-1)), []byte(strings.Repeat("\n", 4<<20) + "b" + strings.Repeat("\n", 4<<20-1)),
			"--- /f\n+++ /f\n@@ -4194302,7 +4194302,7 @@\n \n \n \n-a\n+b\n \n \n \n", 60},
		{"many changes", different("a", 90_000), every, "--- /f\n+++ /f\n@@ -1,", module.MaxDiff + 1},
		{"8 MiB of empty lines", bytes.Repeat([]byte("\n"), 8<<20), bytes.Repeat([]byte("a\n"), 4<<20), "/f is too large to compare: it has 8388608 bytes before and 8388608 after\n", 74},
		{"more than 8 MiB", make([]byte, 0), []byte(long + "abc"), "/f is too large to compare: it has 0 bytes before and 8388609 after\n", 68},
	} {
		start := time.Now()
		got := Unified("/f", c.before, c.after)
		if !strings.HasPrefix(got, c.begins) || len(got) != c.size {
			t.Errorf("%s: %d bytes, want %d: %.200s", c.name, len(got), c.size, got)
		}
		took := time.Since(start)
		t.Logf("%s: %v", c.name, took)
		if took > 10*time.Second {
			t.Errorf("%s took %v", c.name, took)
		}
	}
}

func FuzzUnified(f *testing.F) {
	f.Add([]byte("a\nb\n"), []byte("a\nc"))
	f.Add([]byte(""), []byte("\n\n\x00"))
	f.Fuzz(func(t *testing.T, before, after []byte) {
		if got := Unified("f", before, after); (got == "") != bytes.Equal(before, after) || len(got) > module.MaxDiff+1 {
			t.Errorf("%q", got)
		}
	})
}
