package atomicfile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"sloth-runner/internal/atomicfile"
)

// A file has the content and the mode that were asked for, whatever was there before and whatever the umask is.
func TestWrite(t *testing.T) {
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	dir := t.TempDir()
	path := filepath.Join(dir, "state")
	for _, c := range []struct {
		content string
		mode    fs.FileMode
	}{{"first", 0o644}, {"", 0o600}, {"third", 0o755}} {
		if err := atomicfile.Write(path, []byte(c.content), c.mode); err != nil {
			t.Fatal(err)
		}
		mustHave(t, path, c.content)
		if info, err := os.Stat(path); err != nil || info.Mode() != c.mode {
			t.Errorf("%v, %v, want mode %v", info.Mode(), err, c.mode)
		}
	}
	mustHold(t, dir, "state")
}

// The name of a file may be as long as names can be.
func TestWriteLongName(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("n", 255))
	if err := atomicfile.Write(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustHave(t, path, "x")
}

// What can't be written whole leaves the old file and nothing else.
func TestReplaceFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state")
	if err := atomicfile.Write(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	err := atomicfile.Replace(path, func(file *os.File) error {
		if _, err := file.WriteString("half"); err != nil {
			return err
		}
		return full
	})
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	mustHave(t, path, "old")
	mustHold(t, dir, "state")

	if err := os.Mkdir(filepath.Join(dir, "taken"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(filepath.Join(dir, "taken"), []byte("x"), 0o600); err == nil {
		t.Error("a directory was replaced")
	}
	if err := atomicfile.Write(filepath.Join(dir, "missing", "state"), nil, 0o600); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without its directory: %v", err)
	}
	mustHold(t, dir, "state", "taken")
}

// Who reads while others write sees one content, whole.
func TestReadersSeeWholeFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	contents := []string{strings.Repeat("a", 64<<10), strings.Repeat("b", 16)}
	if err := atomicfile.Write(path, []byte(contents[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	var writing sync.WaitGroup
	for _, content := range contents {
		writing.Go(func() {
			for range 20 {
				if err := atomicfile.Write(path, []byte(content), 0o600); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 200 {
		if data, err := os.ReadFile(path); err != nil || string(data) != contents[0] && string(data) != contents[1] {
			t.Fatalf("%d bytes, %v", len(data), err)
		}
	}
	writing.Wait()
}

// A link is turned from one target to the next, also where an earlier call was killed before it was done.
func TestSymlink(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "program")
	if err := os.Symlink("lost", filepath.Join(dir, fmt.Sprintf(".sloth-new-%d-LOST", os.Geteuid()))); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"first", "second"} {
		if err := atomicfile.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
		if got, err := os.Readlink(path); err != nil || got != target {
			t.Errorf("it leads to %q, %v, want %q", got, err, target)
		}
	}
	mustHold(t, dir, "program")
}

func mustHave(t *testing.T, path, want string) {
	t.Helper()
	if data, err := os.ReadFile(path); err != nil || string(data) != want {
		t.Errorf("%s has %q, %v, want %q", path, data, err, want)
	}
}

func mustHold(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	if strings.Join(found, " ") != strings.Join(names, " ") {
		t.Errorf("the directory has %q, want %q", found, names)
	}
}
