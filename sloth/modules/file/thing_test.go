package file

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/fakehost"
)

// things makes what the name's last letters say below dir: "d/" a directory, "l@target" a link, all else a file.
func things(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		path, target, link := strings.Cut(filepath.Join(dir, name), "@")
		var err error
		switch {
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o755)
		case link:
			err = os.Symlink(target, path)
		case strings.HasSuffix(name, "|"):
			err = syscall.Mkfifo(path, 0o644)
		default:
			err = os.WriteFile(path, []byte(name), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// listing returns what is below a directory: the path, and the mode.
func listing(t *testing.T, dir string) (lines []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := entry.Info()
		lines = append(lines, strings.TrimPrefix(path, dir+"/")+" "+info.Mode().String())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func is(t *testing.T, dir string, want ...string) {
	t.Helper()
	if got := listing(t, dir); !slices.Equal(got, want) {
		t.Errorf("there is %q, want %q", got, want)
	}
}

// must calls a function twice: the first time it changes something, the second time nothing.
func must(t *testing.T, function string, arguments ...any) module.Table {
	t.Helper()
	first, changes, err := called(t, new(fakehost.Host), function, arguments...)
	if err != nil || first["changed"] != true || len(changes) == 0 {
		t.Errorf("%s(%v): %v, %v, %v", function, arguments, first, changes, err)
	}
	second, changes, err := called(t, new(fakehost.Host), function, arguments...)
	if err != nil || second["changed"] != false || len(changes) > 0 {
		t.Errorf("again %s(%v): %v, %v, %v", function, arguments, second, changes, err)
	}
	return first
}

// refusedWith calls a function that has to fail.
func refusedWith(t *testing.T, want, function string, arguments ...any) {
	t.Helper()
	_, changes, err := called(t, new(fakehost.Host), function, arguments...)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s(%v): %v, want %s", function, arguments, err, want)
	}
	if len(changes) > 0 {
		t.Errorf("%s(%v) reported %v", function, arguments, changes)
	}
}

func TestDir(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	things(t, dir, "f", "real/", "link@real", "lost@nowhere")
	must(t, "dir", dir+"/new/a", module.Table{"parents": true, "mode": "0700"})
	must(t, "dir", dir+"/link/", module.Table{"mode": "g-rx"})
	refusedWith(t, "a file is there, and not a directory; remove it, or say force = true", "dir", dir+"/f")
	refusedWith(t, "its directory is not there", "dir", dir+"/x/y")
	refusedWith(t, "a link is there", "dir", dir+"/lost")
	must(t, "dir", dir+"/f", module.Table{"force": true})
	is(t, dir, "f drwxr-xr-x", "link Lrwxrwxrwx", "lost Lrwxrwxrwx", "new drwxr-xr-x", "new/a drwx------", "real drwx---r-x")
}

func TestLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	things(t, dir, "f", "d/", "d/f")
	if got := must(t, "link", dir+"/sub/l", module.Table{"to": "one", "parents": true}); got["created"] != true {
		t.Error(got)
	}
	if got := must(t, "link", dir+"/sub/l", module.Table{"to": "two"}); got["created"] != false || got["before"] != "link to one" || got["after"] != "link to two" {
		t.Error(got)
	}
	refusedWith(t, "a file is there, and not a link", "link", dir+"/f", module.Table{"to": "x"})
	refusedWith(t, "a directory is there, and not a link", "link", dir+"/d", module.Table{"to": "x"})
	must(t, "link", dir+"/f", module.Table{"to": "x", "force": true})
	must(t, "link", dir+"/d/", module.Table{"to": "x", "force": true})
	is(t, dir, "d Lrwxrwxrwx", "f Lrwxrwxrwx", "sub drwxr-xr-x", "sub/l Lrwxrwxrwx")
}

func TestAbsent(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	things(t, outside, "kept")
	things(t, dir, "f", "d/", "d/e/", "d/e/f", "d/out@"+outside, "out@"+outside, "p|", "latin\xe9/", "stay")
	for _, name := range []string{"f", "d", "out/", "p|", "latin\xe9"} {
		must(t, "absent", dir+"/"+name)
	}
	is(t, dir, "stay -rw-r--r--")
	is(t, outside, "kept -rw-r--r--")
	for _, name := range []string{"never", "stay/x", "no/such/dir"} {
		if got, _, err := called(t, new(fakehost.Host), "absent", dir+"/"+name); err != nil || got["changed"] != false {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// homed is a host whose account has its home in a directory of the test.
type homed struct {
	fakehost.Host
	home string
}

func (h *homed) Getenv(name string) (string, bool) {
	if name == "HOME" {
		return h.home, true
	}
	return h.Host.Getenv(name)
}

// What must never be removed is not, however its path is written, and nothing below it either.
func TestAbsentRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	things(t, dir, "home/", "home/me/", "home/me/f", "home/other/", "way@home", "other@home/me")
	host := &homed{home: dir + "/home/me"}
	for path, want := range map[string]string{
		"/": "ends with no name", "//": "ends with no name", "/..": "ends with no name", "/usr/..": "ends with no name", ".": "ends with no name", "": "the path is empty",
		"/proc":       "it is a mount point",
		"~":           "it is the home of the account",
		dir:           "it is the home of the account, '" + dir + "/home/me', or has it in it",
		dir + "/home": "or has it in it", dir + "/home/me": "it is the home", dir + "/way/me/": "it is the home", dir + "/home/other/../me": "it is the home",
	} {
		_, changes, err := called(t, host, "absent", path)
		if err == nil || !strings.Contains(err.Error(), want) || len(changes) > 0 {
			t.Errorf("%q: %v, %v, want %s", path, err, changes, want)
		}
	}
	is(t, dir, "home drwxr-xr-x", "home/me drwxr-xr-x", "home/me/f -rw-r--r--", "home/other drwxr-xr-x", "other Lrwxrwxrwx", "way Lrwxrwxrwx")
	for _, name := range []string{"/other", "/home/other"} {
		if got, _, err := called(t, host, "absent", dir+name); err != nil || got["changed"] != true {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	is(t, dir, "home drwxr-xr-x", "home/me drwxr-xr-x", "home/me/f -rw-r--r--", "way Lrwxrwxrwx")
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	things(t, outside, "o")
	things(t, dir, "t/", "t/d/", "t/d/f", "t/run", "t/out@"+outside, "t/file@"+outside+"/o", "link@t")
	if err := os.Chmod(dir+"/t/run", 0o755); err != nil {
		t.Fatal(err)
	}
	must(t, "attributes", dir+"/link", module.Table{"mode": "u=rwX,go=", "recursive": true})
	is(t, dir, "link Lrwxrwxrwx", "t drwx------", "t/d drwx------", "t/d/f -rw-------", "t/file Lrwxrwxrwx", "t/out Lrwxrwxrwx", "t/run -rwx------")
	got := must(t, "attributes", dir+"/t", module.Table{"dir_mode": "0750", "file_mode": "0640", "recursive": true})
	if got["before"] != "4 of 6 with another mode or owner" {
		t.Error(got)
	}
	must(t, "attributes", dir+"/t/run", module.Table{"mode": "+x"})
	is(t, dir, "link Lrwxrwxrwx", "t drwxr-x---", "t/d drwxr-x---", "t/d/f -rw-r-----", "t/file Lrwxrwxrwx", "t/out Lrwxrwxrwx", "t/run -rwxr-x--x")
	is(t, outside, "o -rw-r--r--")
	must(t, "attributes", dir+"/t", module.Table{"mode": "0000", "recursive": true})
	must(t, "attributes", dir+"/t", module.Table{"mode": "u=rwX", "recursive": true})
	refusedWith(t, "it is not there; make it before", "attributes", dir+"/none", module.Table{"mode": "0644"})
	refusedWith(t, "there is no group 'no-such-group' on this host", "attributes", dir+"/t", module.Table{"group": "no-such-group"})
}

func TestLooking(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	things(t, dir, "a.log", "d/", "d/b.log", "d/c.txt", "d/e/", "d/e/d.log", "l@d", "lost@nowhere", "p|")
	old := time.Now().Add(-49 * time.Hour)
	if err := errors.Join(os.Chtimes(dir+"/d/b.log", old, old), os.Truncate(dir+"/a.log", 2000)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		options module.Table
		want    string
	}{
		{module.Table{}, "a.log d/b.log d/c.txt d/e/d.log"},
		{module.Table{"name": "*.log"}, "a.log d/b.log d/e/d.log"},
		{module.Table{"name": module.List{"?.txt", "a*"}}, "a.log d/c.txt"},
		{module.Table{"name": "*.log", "depth": 2.0}, "a.log d/b.log"},
		{module.Table{"older": "2d"}, "d/b.log"},
		{module.Table{"older": "3d"}, ""},
		{module.Table{"larger": "1K"}, "a.log"},
		{module.Table{"type": "directory"}, "d d/e"},
		{module.Table{"type": "link"}, "l lost"},
		{module.Table{"type": "any", "depth": 1.0}, "a.log d l lost p|"},
	} {
		outcome, err := fakehost.Call(t.Context(), Module(), "find", new(fakehost.Host), dir, c.options)
		var got []string
		list, _ := outcome.Result.Value.(module.List)
		for _, path := range list {
			got = append(got, strings.TrimPrefix(path.(string), dir+"/"))
		}
		if strings.Join(got, " ") != c.want || err != nil {
			t.Errorf("%v: %q, %v, want %s", c.options, got, err, c.want)
		}
	}
	value := func(function string, arguments ...any) any {
		t.Helper()
		outcome, err := fakehost.Call(t.Context(), Module(), function, new(fakehost.Host), arguments...)
		if err != nil {
			t.Error(err)
		}
		return outcome.Result.Value
	}
	if value("exists", dir+"/l/c.txt") != true || value("exists", dir+"/lost") != false || value("exists", dir+"/d/c.txt/x") != false {
		t.Error("exists")
	}
	if value("stat", dir+"/lost") != nil || value("stat", dir+"/none", module.Table{"follow": false}) != nil {
		t.Error("stat of what is not there is not nil")
	}
	if got, _, err := called(t, new(fakehost.Host), "stat", dir+"/lost", module.Table{"follow": false}); err != nil || got["type"] != "link" || got["target"] != "nowhere" {
		t.Error(got, err)
	}
	if got, _, err := called(t, new(fakehost.Host), "stat", dir+"/d/b.log"); err != nil || got["type"] != "file" || got["mode"] != "0644" || got["size"] != 7.0 || got["modified"] != float64(old.UnixNano())/1e9 {
		t.Error(got, err)
	}
	if got, sum := value("read", dir+"/l/c.txt"), value("sha256", dir+"/d/c.txt"); got != "d/c.txt" || sum != fmt.Sprintf("%x", sha256.Sum256([]byte("d/c.txt"))) {
		t.Error(got, sum)
	}
	refusedWith(t, "cannot read '"+dir+"/a.log': it has 2000 bytes, and 1999 are the limit; say max", "read", dir+"/a.log", module.Table{"max": 1999.0})
	refusedWith(t, "it is a directory, and not a file", "read", dir+"/d")
	refusedWith(t, "it is a pipe, and not a file", "sha256", dir+"/p|")
	refusedWith(t, "it is not there; ask file.exists before", "read", dir+"/none")
	refusedWith(t, "it is not there; ask file.exists before", "find", dir+"/none")
	refusedWith(t, `older 'soon': it is no time, such as "12h" or "30d"`, "find", dir, module.Table{"older": "soon"})
	refusedWith(t, "larger -1: it is no size", "find", dir, module.Table{"larger": -1.0})
}
