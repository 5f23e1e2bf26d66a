package transfer_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sloth-runner/transfer"
	"sloth-runner/transfer/client"
	"sloth-runner/transfer/offer"
)

// send has a host send a file of its own under a path that it says is the file's.
func send(t *testing.T, c *client.Client, data []byte, path, name string) error {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "f"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Write(data); err != nil {
		t.Fatal(err)
	}
	return c.Send(t.Context(), file, path, name)
}

// below are the files below a directory, with slashes.
func below(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			files = append(files, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// What a host sends goes where the operator says, below a directory of the host, whatever the host says its path is.
func TestFetch(t *testing.T) {
	p := newProject(t)
	shelf := filepath.Join(t.TempDir(), "shelf")
	p.server.Shelf = &offer.Shelf{Dir: shelf, MaxBytes: 20 << 20, MaxFiles: 100}
	c := connect(t, p.server, "evil/../host", newEnds(nil))
	const host = "evil%2F..%2Fhost/"
	large := random(5<<20 + 3)
	for _, f := range []struct {
		data             []byte
		path, name, want string
	}{
		{[]byte("a log"), "/var/log/app.log", "", "var/log/app.log"},
		{nil, "/empty", "", "empty"},
		{large, "/large", "copies/of large", "copies/of%20large"},
		{[]byte("up"), "/../../../../etc/passwd", "", "etc/passwd"},
		{[]byte("odd"), "/a\n\x1b[2J/%2E/\xff ü", "", "a%0A%1B%5B2J/%252E/%FF%20ü"},
		{[]byte("dots"), "/d/.../x", "", "d/%2E%2E%2E/x"},
		{[]byte("part"), "/.%part-x", "", ".%25part-x"},
	} {
		if err := send(t, c, f.data, f.path, f.name); err != nil {
			t.Errorf("%q: %v", f.path, err)
			continue
		}
		got, err := os.ReadFile(filepath.Join(shelf, host, f.want))
		if err != nil || !bytes.Equal(got, f.data) {
			t.Errorf("%q is not in %s: %d bytes, %v", f.path, f.want, len(got), err)
		}
		event := p.events.last(f.path)
		if !strings.Contains(f.path, "\xff") && (!event.GetFinished() || !event.GetFetched() || event.GetDestination() != filepath.Join(shelf, host, f.want)) {
			t.Errorf("%q: the event %v", f.path, event)
		}
	}
	for path, name := range map[string]string{"/a": "../x", "/b": "/x", "/": "", "/c": "x\x00", "/" + strings.Repeat("ü ", 120): "", "/d/.../x/y": ""} {
		if err := send(t, c, []byte("x"), path, name); err == nil {
			t.Errorf("%q is taken under the name %q", path, name)
		}
	}
	if files := below(t, filepath.Dir(shelf)); len(files) != 7 {
		t.Errorf("there are %q", files)
	}
}

// What is there already is not sent, and there is a bound of what a host may send.
func TestFetchIsBounded(t *testing.T) {
	p := newProject(t)
	shelf := t.TempDir()
	p.server.Shelf = &offer.Shelf{Dir: shelf, MaxBytes: 1 << 20, MaxFiles: 3}
	e := newEnds(nil)
	c := connect(t, p.server, "web01", e)
	data := random(1 << 19)
	for range 2 {
		if err := send(t, c, data, "/a", ""); err != nil {
			t.Fatal(err)
		}
	}
	e.up.mu.Lock()
	moved := e.up.moved
	e.up.mu.Unlock()
	if moved > len(data)*5/4 {
		t.Errorf("%d bytes were sent for a file of %d that is there", moved, len(data))
	}
	if err := send(t, c, data[1:], "/b", ""); err == nil || !strings.Contains(err.Error(), "a host may send 1048576 bytes in a run") {
		t.Errorf("beyond the bound: %v", err)
	}
	if err := send(t, c, nil, "/c", ""); err != nil {
		t.Error(err)
	}
	if err := send(t, c, nil, "/d", ""); err == nil || !strings.Contains(err.Error(), "a host may send 3 files in a run") {
		t.Errorf("one file too many: %v", err)
	}
	if files := below(t, shelf); !slices.Equal(files, []string{"web01/a", "web01/c"}) {
		t.Errorf("there are %q", files)
	}
}

// A link that stands in the way leads nowhere else, and a run that wants no files takes none.
func TestFetchFollowsNoLinks(t *testing.T) {
	p := newProject(t)
	shelf, outside := t.TempDir(), t.TempDir()
	if err := os.MkdirAll(filepath.Join(shelf, "web01"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"web01/dir", "web02"} {
		if err := os.Symlink(outside, filepath.Join(shelf, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(outside, "f"), filepath.Join(shelf, "web01/file")); err != nil {
		t.Fatal(err)
	}
	p.server.Shelf = &offer.Shelf{Dir: shelf}
	web01 := connect(t, p.server, "web01", newEnds(nil))
	if err := send(t, web01, []byte("x"), "/dir/x", ""); err == nil {
		t.Error("a link was followed out of the host's directory")
	}
	if err := send(t, web01, []byte("x"), "/file", ""); err != nil {
		t.Error(err)
	}
	if err := send(t, connect(t, p.server, "web02", newEnds(nil)), []byte("x"), "/x", ""); err == nil {
		t.Error("the directory of a host is a link, and was followed")
	}
	if files := below(t, outside); len(files) > 0 {
		t.Errorf("outside are %q", files)
	}
	p.server.Shelf = nil
	if err := send(t, connect(t, p.server, "web03", newEnds(nil)), []byte("x"), "/x", ""); err == nil || !strings.Contains(err.Error(), "takes no files from hosts") {
		t.Errorf("a run without a shelf: %v", err)
	}
}

// A file that grows while it is sent comes as it was; one that changes otherwise does not come.
func TestFetchOfWhatChanges(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*os.File) error
		fails  bool
	}{
		"grows":   {func(f *os.File) error { _, err := f.WriteAt([]byte("more"), 2<<20); return err }, false},
		"changes": {func(f *os.File) error { _, err := f.WriteAt([]byte("other"), 2<<20-5); return err }, true},
		"shrinks": {func(f *os.File) error { return f.Truncate(1 << 20) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.server.Shelf = &offer.Shelf{Dir: t.TempDir()}
			file, err := os.Create(filepath.Join(t.TempDir(), "f"))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			data := random(2 << 20)
			if _, err := file.Write(data); err != nil {
				t.Fatal(err)
			}
			e := newEnds(nil)
			e.onOffer = func() {
				if err := c.change(file); err != nil {
					t.Error(err)
				}
			}
			err = connect(t, p.server, "web01", e).Send(t.Context(), file, "/f", "")
			files := below(t, p.server.Shelf.Dir)
			if c.fails != (err != nil) || c.fails != (len(files) == 0) {
				t.Errorf("error %v, files %q", err, files)
			}
			if err == nil {
				if got, _ := os.ReadFile(filepath.Join(p.server.Shelf.Dir, "web01/f")); transfer.DigestOf(got) != transfer.DigestOf(data) {
					t.Error("what came is not the file as it was")
				}
			}
		})
	}
}
