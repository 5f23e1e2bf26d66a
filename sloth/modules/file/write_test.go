package file

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/fakehost"
)

// called calls a function of the module, and returns its result as a table, and what it reported.
func called(t *testing.T, host module.Host, function string, arguments ...any) (module.Table, []module.Change, error) {
	t.Helper()
	outcome, err := fakehost.Call(t.Context(), Module(), function, host, arguments...)
	got := module.Table{}
	for _, field := range outcome.Result.Fields {
		got[field.Name] = field.Value
	}
	return got, outcome.Changes, err
}

func TestWrite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	owner := ownerOf(t, t.TempDir())
	for _, c := range []struct {
		options module.Table
		want    module.Table
	}{
		{module.Table{"content": "one\x00\n"}, module.Table{"changed": true, "created": true, "before": "absent", "after": "5 bytes, 0644 " + owner,
			"diff": "Binary files differ: " + path + " has 0 bytes before and 5 after\n"}},
		{module.Table{"content": "one\x00\n"}, module.Table{"changed": false, "created": false}},
		{module.Table{"content": "one\x00\n", "mode": "u=rw,go="},
			module.Table{"changed": true, "created": false, "before": "5 bytes, 0644 " + owner, "after": "5 bytes, 0600 " + owner}},
		{module.Table{"content": "two"}, module.Table{"changed": true, "created": false, "before": "5 bytes, 0600 " + owner, "after": "3 bytes, 0600 " + owner,
			"diff": "Binary files differ: " + path + " has 5 bytes before and 3 after\n"}},
		{module.Table{"content": "two", "mode": "0600"}, module.Table{"changed": false, "created": false}},
	} {
		got, changes, err := called(t, new(fakehost.Host), "write", path, c.options)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%v: %v\n%s", c.options, err, diff)
		}
		if have, err := os.ReadFile(path); err != nil || string(have) != c.options["content"] {
			t.Errorf("%q, %v", have, err)
		}
		if got["changed"] == true && (len(changes) != 1 || changes[0].What != path || changes[0].After != got["after"]) || got["changed"] == false && changes != nil {
			t.Errorf("%v reported %v", c.options, changes)
		}
	}
}

func ownerOf(t *testing.T, path string) string {
	t.Helper()
	text, err := now(module.Context{Context: t.Context(), Host: new(fakehost.Host)}, path)
	if err != nil {
		t.Fatal(err)
	}
	return text[strings.LastIndexByte(text, ' ')+1:]
}

// A wrong call is found before anything happens.
func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Symlink("nowhere", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path    string
		options module.Table
		want    string
	}{
		{"f", module.Table{"mode": 644.0}, "file.write: mode 644: a mode is written as a string"},
		{"f", module.Table{"mode": "0888"}, "file.write: mode '0888': it is no mode"},
		{"f", module.Table{"mode": "w"}, "file.write: mode 'w': it has three or four digits|it is no mode"},
		{"f", module.Table{"validate": "true"}, "the command has no %s"},
		{"f", module.Table{"backup": "yes"}, "backup must be true, or how many to keep"},
		{"f", module.Table{"ownr": "x"}, "unknown option 'ownr', did you mean 'owner'?"},
		{"f", module.Table{"owner": "no-such-user"}, "there is no user 'no-such-user' on this host"},
		{"", module.Table{}, "is there, and not a file"},
		{"none/f", module.Table{}, "its directory is not there; make it before with file.dir, or say parents = true"},
		{"link", module.Table{}, "it is a link to something that is not there"},
	} {
		c.options["content"] = "x"
		host := new(fakehost.Host)
		_, changes, err := called(t, host, "write", filepath.Join(dir, c.path), c.options)
		if err == nil || !slices.ContainsFunc(strings.Split(c.want, "|"), func(want string) bool { return strings.Contains(err.Error(), want) }) {
			t.Errorf("%v: %v, want %s", c.options, err, c.want)
		}
		if calls := host.Calls(); calls != nil || changes != nil {
			t.Errorf("%v did %q, %v", c.options, calls, changes)
		}
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) != 1 {
		t.Error(names, err)
	}
}
