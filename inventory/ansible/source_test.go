package ansible

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sloth-runner/internal/fault"
)

func TestReadFiles(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("hosts.ini", "[web]\nw1\n")
	write("bad.ini", "w1 x=1 y\n")
	write("other.yml", "all: [\n")
	write("escape\x1b.ini", "w1 x=1 y\n")
	if err := os.Mkdir("directory", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("loop", "loop"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, want string
	}{
		{"hosts.ini", ""},
		{filepath.Join(dir, "hosts.ini"), ""},
		{"bad.ini", `bad.ini:1: expected name=value after "x"; a value with spaces needs quotes`},
		{"missing.ini", "missing.ini: no such file or directory"},
		{"", `"": no such file or directory`},
		{"other.yml", "other.yml:2: expected YAML: did not find expected node content"},
		{"directory", "directory: expected a directory with inventory files in it"},
		{"loop", "loop: too many levels of symbolic links"},
		{"escape\x1b.ini", `"escape\x1b.ini":1: expected name=value after "x"; a value with spaces needs quotes`},
		{"/dev/zero", "/dev/zero: larger than 16 MiB"},
	} {
		_, err := Read(t.Context(), []string{c.path})
		if got := message(err); got != c.want {
			t.Errorf("Read(%q): %q, want %q", c.path, got, c.want)
		}
	}
	_, err := Read(t.Context(), []string{"missing.ini", "hosts.ini", "bad.ini", "other.yml"})
	if got := strings.Count(message(err), "\n"); got != 2 {
		t.Errorf("not one line for each of three bad files: %q", message(err))
	}
	var staged *fault.Error
	if !errors.As(err, &staged) || staged.Stage != fault.Resolve {
		t.Errorf("no stage in %#v", err)
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A file without a size, as the shell's <(command) gives, is read to its end.
func TestReadPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	done := make(chan error, 1)
	go func() {
		_, err := w.WriteString("[web]\nw1\n")
		done <- errors.Join(err, w.Close())
	}()
	inv, err := Read(t.Context(), []string{filepath.Join("/dev/fd", fd(r))})
	if writeErr := <-done; writeErr != nil {
		t.Fatal(writeErr)
	}
	if err != nil || inv.Host("w1") == nil {
		t.Errorf("got %v", err)
	}
}

func fd(file *os.File) string { return strconv.Itoa(int(file.Fd())) }
