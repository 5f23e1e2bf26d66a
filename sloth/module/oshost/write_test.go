package oshost

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"sloth-runner/sloth/module"
)

func TestWriteReplacesAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "f"), filepath.Join(dir, "link")
	write := func(path, content string, a module.Attributes) {
		t.Helper()
		if err := (Host{}).Write(t.Context(), path, []byte(content), a); err != nil {
			t.Fatal(err)
		}
	}
	is := func(content string, mode fs.FileMode) {
		t.Helper()
		got, err := Host{}.Read(t.Context(), path, 100)
		info, statErr := Host{}.Stat(t.Context(), path)
		if err != nil || statErr != nil || string(got) != content || info.Mode != mode || info.UID != os.Getuid() {
			t.Fatalf("%q, %+v, %v, %v; want %q, %v", got, info, err, statErr, content, mode)
		}
	}
	write(path, "one", module.Attributes{})
	is("one", 0o644)
	private := fs.FileMode(0o600)
	write(path, "two", module.Attributes{Mode: &private})
	is("two", 0o600)
	write(path, "three", module.Attributes{})
	is("three", 0o600)
	if err := os.Symlink("f", link); err != nil {
		t.Fatal(err)
	}
	write(link, "four", module.Attributes{})
	is("four", 0o600)
	if to, err := (Host{}).Readlink(t.Context(), link); err != nil || to != "f" {
		t.Error(to, err)
	}
	names(t, dir, "f", "link")
}

// A new version that is not wanted leaves nothing, and one that is takes the place of the old file.
func TestStage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	content := func(path string) string {
		t.Helper()
		got, err := Host{}.Read(t.Context(), path, 100)
		if err != nil {
			t.Fatal(err)
		}
		return string(got)
	}
	for _, commit := range []bool{false, true} {
		staged, err := Host{}.Stage(t.Context(), path, strings.NewReader("new"), module.Attributes{})
		if err != nil {
			t.Fatal(err)
		}
		if content(staged.Name()) != "new" || content(path) != "old" || filepath.Dir(staged.Name()) != dir {
			t.Errorf("staged as %s: %q; the file: %q", staged.Name(), content(staged.Name()), content(path))
		}
		if commit {
			err = staged.Commit(t.Context())
		}
		if err := errors.Join(err, staged.Discard(t.Context())); err != nil {
			t.Error(err)
		}
		names(t, dir, "f")
	}
	if content(path) != "new" {
		t.Error(content(path))
	}
}

func names(t *testing.T, dir string, want ...string) {
	t.Helper()
	if got, err := (Host{}).List(t.Context(), dir); err != nil || !slices.Equal(got, want) {
		t.Errorf("in the directory: %q, %v; want %q", got, err, want)
	}
}

// What can't be written leaves nothing behind.
func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "d"), 0o755), syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600),
		os.Symlink("nowhere/x", filepath.Join(dir, "link"))); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"d": "it is no regular file", "fifo": "it is no regular file", "link": "no such file", "none/f": "no such file", "fifo/f": "not a directory",
	} {
		err := Host{}.Write(t.Context(), filepath.Join(dir, name), []byte("x"), module.Attributes{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	if os.Geteuid() != 0 {
		root := 0
		if err := (Host{}).Write(t.Context(), filepath.Join(dir, "f"), []byte("x"), module.Attributes{UID: &root}); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("given to root: %v", err)
		}
	}
	names(t, dir, "d", "fifo", "link")
}

func TestReadIsBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := (Host{}).Read(t.Context(), path, 5); err != nil || string(got) != "12345" {
		t.Error(got, err)
	}
	if _, err := (Host{}).Read(t.Context(), path, 4); err == nil || err.Error() != "read "+path+": it has more than 4 bytes" {
		t.Error(err)
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	if uid, err := (Host{}).User(t.Context(), "root"); err != nil || uid != 0 {
		t.Error(uid, err)
	}
	if gid, err := (Host{}).Group(t.Context(), "123"); err != nil || gid != 123 {
		t.Error(gid, err)
	}
	if _, err := (Host{}).User(t.Context(), "no-such-account"); err == nil || err.Error() != "there is no user 'no-such-account' on this host" {
		t.Error(err)
	}
	if _, err := (Host{}).Group(t.Context(), "no-such-group"); err == nil || err.Error() != "there is no group 'no-such-group' on this host" {
		t.Error(err)
	}
}
