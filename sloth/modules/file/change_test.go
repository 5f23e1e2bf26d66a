package file

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sloth-runner/sloth/module"
	"sloth-runner/sloth/module/fakehost"
	"sloth-runner/sloth/modules/file/edit"
)

// What functions change in a file: the text, the diff, and nothing at a second call.
func TestChanges(t *testing.T) {
	t.Parallel()
	upper := module.Callback(func(arguments ...any) ([]any, error) { return []any{strings.ToUpper(arguments[0].(string))}, nil })
	for _, c := range []struct {
		function  string
		before    string
		arguments []any
		after     string
		diff      string
	}{
		{"line", "a\nb\n", []any{module.Table{"line": "c"}}, "a\nb\nc\n", "@@ -1,2 +1,3 @@\n a\n b\n+c\n"},
		{"line", "a\nb\n", []any{module.Table{"match": "^b", "absent": true, "mode": "0600"}}, "a\n", "@@ -1,2 +1 @@\n a\n-b\n"},
		{"block", "a\n", []any{module.Table{"id": "x", "text": "b", "comment": "//", "before": "^"}}, "// BEGIN sloth-runner: x\nb\n// END sloth-runner: x\na\n",
			"@@ -1 +1,4 @@\n+// BEGIN sloth-runner: x\n+b\n+// END sloth-runner: x\n a\n"},
		{"replace", "a\xff\x01", []any{module.Table{"match": "a", "with": "b"}}, "b\xff\x01",
			"@@ -1 +1 @@\n-a\xff\x01\n\\ No newline at end of file\n+b\xff\x01\n\\ No newline at end of file\n"},
		{"ini", "[a]\n", []any{module.Table{"section": "a", "key": "k", "value": 0.5}}, "[a]\nk = 0.5\n", "@@ -1 +1,2 @@\n [a]\n+k = 0.5\n"},
		{"ini", "", []any{module.Table{"key": "k", "value": true}}, "k = true\n", "@@ -0,0 +1 @@\n+k = true\n"},
		{"ini", "", []any{module.Table{"key": "k", "value": 1e6}}, "k = 1000000\n", "@@ -0,0 +1 @@\n+k = 1000000\n"},
		{"edit", "a\r\nb", []any{upper}, "A\r\nB", "@@ -1,2 +1,2 @@\n-a\r\n-b\n\\ No newline at end of file\n+A\r\n+B\n\\ No newline at end of file\n"},
	} {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, []byte(c.before), 0o640); err != nil {
			t.Fatal(err)
		}
		arguments := append([]any{path}, c.arguments...)
		got, changes, err := called(t, new(fakehost.Host), c.function, arguments...)
		want := "--- " + path + "\n+++ " + path + "\n" + c.diff
		if err != nil || got["changed"] != true || got["diff"] != want || len(changes) != 1 || changes[0].Diff != want || changes[0].What != path {
			t.Errorf("%s: %v, %v, %v", c.function, got, changes, err)
		}
		if have, err := os.ReadFile(path); err != nil || string(have) != c.after {
			t.Errorf("%s: %q, %v; want %q", c.function, have, err, c.after)
		}
		host := new(fakehost.Host)
		if got, changes, err := called(t, host, c.function, arguments...); err != nil || got["changed"] != false || changes != nil || host.Calls() != nil {
			t.Errorf("%s, again: %v, %v, %v, %q", c.function, got, changes, err, host.Calls())
		}
	}
}

// A file that is not there is made where that is wanted, and is no error where something is to be absent from it.
func TestChangesOfNoFile(t *testing.T) {
	t.Parallel()
	keep := module.Callback(func(arguments ...any) ([]any, error) { return arguments, nil })
	for _, c := range []struct {
		function  string
		arguments []any
		want      string
	}{
		{"line", []any{module.Table{"line": "a"}}, "error"},
		{"line", []any{module.Table{"line": "a", "create": true, "mode": "0600"}}, "a\n"},
		{"line", []any{module.Table{"line": "a", "absent": true, "create": true}}, "absent"},
		{"block", []any{module.Table{"id": "a", "text": ""}}, "error"},
		{"block", []any{module.Table{"id": "a", "text": "", "create": true}}, "# BEGIN sloth-runner: a\n# END sloth-runner: a\n"},
		{"block", []any{module.Table{"id": "a", "absent": true}}, "absent"},
		{"ini", []any{module.Table{"key": "k", "value": "v"}}, "error"},
		{"ini", []any{module.Table{"section": "s", "key": "k", "value": "v", "create": true}}, "[s]\nk = v\n"},
		{"ini", []any{module.Table{"section": "s", "absent": true}}, "absent"},
		{"replace", []any{module.Table{"match": "a", "with": "b"}}, "error"},
		{"edit", []any{keep}, "error"},
		{"edit", []any{keep, module.Table{"create": true}}, ""},
	} {
		path := filepath.Join(t.TempDir(), "f")
		_, changes, err := called(t, new(fakehost.Host), c.function, append([]any{path}, c.arguments...)...)
		have, readErr := os.ReadFile(path)
		switch {
		case c.want == "error":
			if err == nil || !strings.Contains(err.Error(), "cannot change '"+path+"': it is not there") || readErr == nil {
				t.Errorf("%s: %v", c.function, err)
			}
		case err != nil || string(have) != strings.TrimSuffix(c.want, "absent") || (readErr == nil) != (c.want != "absent") || (changes == nil) != (c.want == "absent"):
			t.Errorf("%s: %q, %v, %v; want %q", c.function, have, err, changes, c.want)
		}
	}
}

// What can't be changed stays as it is, with an error that says why.
func TestChangesRefuse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, large := filepath.Join(dir, "f"), filepath.Join(dir, "large")
	if err := errors.Join(os.WriteFile(path, []byte("a\na\n"), 0o600), os.WriteFile(large, nil, 0o600), os.Truncate(large, edit.MaxText+1)); err != nil {
		t.Fatal(err)
	}
	returns := func(values ...any) module.Callback { return func(...any) ([]any, error) { return values, nil } }
	changes := module.Callback(func(...any) ([]any, error) { return []any{"x"}, os.WriteFile(path, []byte("other"), 0o600) })
	for _, c := range []struct {
		function, path string
		arguments      []any
		want           string
	}{
		{"line", path, []any{module.Table{"line": "ab", "match": "^a"}}, "cannot change '" + path + "': match '^a' matches more than one line: 1 and 2"},
		{"line", path, []any{module.Table{"line": "b", "match": "^a"}}, "file.line: match '^a' does not match the line 'b'"},
		{"line", path, []any{module.Table{"line": "b", "match": "("}}, "file.line: match '(': it is no regular expression: missing closing )"},
		{"line", path, []any{module.Table{"line": "b", "force": true}}, "file.line: unknown option 'force'"},
		{"line", dir, []any{module.Table{"line": "b"}}, "cannot change '" + dir + "': it is a directory, and not a file"},
		{"line", large, []any{module.Table{"line": "b"}}, "it has 8388609 bytes, and files of more than 8 MiB are not changed in parts"},
		{"line", "", []any{module.Table{"line": "b"}}, "the path is empty"},
		{"block", path, []any{module.Table{"id": "a b", "text": ""}}, "file.block: the id 'a b' must have"},
		{"replace", path, []any{module.Table{"match": "a", "with": "aa"}}, "the result would change again at the next call"},
		{"replace", path, []any{module.Table{"match": "a", "with": "$2"}}, "file.replace: with '$2': match has no group '2'"},
		{"ini", path, []any{module.Table{"key": "k", "value": "a\nb"}}, "file.ini: the value 'a\\nb' has more than one line"},
		{"ini", path, []any{module.Table{"key": "k", "value": module.List{}}}, "file.ini: value must be a string, a number or a boolean, not a table"},
		{"edit", path, []any{returns()}, "cannot change '" + path + "': the function returned nothing, and not the new text"},
		{"edit", path, []any{returns(nil, "why")}, "the function returned nil, and not the new text"},
		{"edit", path, []any{returns(1.0)}, "the function returned a number, and not the new text"},
		{"edit", path, []any{returns(strings.Repeat("x", edit.MaxText+1))}, "it would have more than 8 MiB"},
		{"edit", path, []any{changes}, "it was changed by something else while the function ran"},
	} {
		_, changes, err := called(t, new(fakehost.Host), c.function, append([]any{c.path}, c.arguments...)...)
		if err == nil || !strings.Contains(err.Error(), c.want) || changes != nil {
			t.Errorf("%s: %v, want %s", c.function, err, c.want)
		}
	}
	if have, err := os.ReadFile(path); err != nil || string(have) != "other" {
		t.Errorf("%q, %v", have, err)
	}
}

// A check of the new text sees it before it is used, and a link stays a link.
func TestChangesAreValidated(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "f"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(path, []byte("a\n"), 0o600), os.Symlink("f", link)); err != nil {
		t.Fatal(err)
	}
	var seen []byte
	answer := false
	check := module.Callback(func(arguments ...any) (_ []any, err error) {
		seen, err = os.ReadFile(arguments[0].(string))
		return []any{answer, "not this"}, err
	})
	options := module.Table{"line": "b", "validate": check, "backup": true}
	want := "validate refuses the new file: not this; its function returned false, and '" + path + "' is not changed"
	if _, changes, err := called(t, new(fakehost.Host), "line", link, options); err == nil || err.Error() != want || changes != nil || string(seen) != "a\nb\n" {
		t.Errorf("%v, %v, %q", err, changes, seen)
	}
	if have, err := os.ReadFile(path); err != nil || string(have) != "a\n" {
		t.Errorf("%q, %v", have, err)
	}
	answer = true
	got, _, err := called(t, new(fakehost.Host), "line", link, options)
	backup, _ := got["backup"].(string)
	old, oldErr := os.ReadFile(backup)
	have, readErr := os.ReadFile(path)
	to, linkErr := os.Readlink(link)
	if err := errors.Join(err, oldErr, readErr, linkErr); err != nil || string(old) != "a\n" || string(have) != "a\nb\n" || to != "f" {
		t.Errorf("%v, %q, %q, %q, %v", got, old, have, to, err)
	}
}
