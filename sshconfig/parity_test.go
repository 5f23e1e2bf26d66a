package sshconfig

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"sloth-runner/tools/testneeds"
)

// The parser and the installed client give the same settings. testdata/parity has the configurations; the hosts to
// query follow "# ?".
func TestParity(t *testing.T) {
	mustHaveSSH(t)
	cases, err := filepath.Glob("testdata/parity/*.txt")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) { compare(t, path) })
	}
}

// ignoreNamed leaves out the field that ssh does not print.
var ignoreNamed = cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Named" }, cmp.Ignore())

// compare queries both for the hosts of a case, with and without options of a command line.
func compare(t *testing.T, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, hosts := writeCase(t, string(data))
	sure, ask := testReader(t), testReader(t)
	ask.prefer = clientOnly
	if filepath.Base(path) != "exec.txt" { // where the parser needs the client
		sure.prefer = readerOnly
	}
	for _, host := range hosts {
		for _, q := range []Query{
			{},
			{User: "given", Port: 77},
			{Arguments: Arguments{Options: []string{"User=opt", "IdentityFile /opt", "ProxyCommand=x %h"}}},
			{Arguments: Arguments{Jump: "jo@jump:1,b"}},
		} {
			q.Host, q.File = host, file
			want, wantErr := ask.LookUp(t.Context(), q)
			got, gotErr := sure.LookUp(t.Context(), q)
			if (wantErr == nil) != (gotErr == nil) {
				t.Errorf("%s: %v, but ssh: %v", host, gotErr, wantErr)
			}
			if diff := cmp.Diff(want, got, ignoreNamed); diff != "" {
				t.Errorf("%+v: ssh -, reader +\n%s", q, diff)
			}
		}
	}
}

// writeCase writes the files of a case, and returns the first file and the hosts to query.
func writeCase(t *testing.T, text string) (file string, hosts []string) {
	t.Helper()
	dir := t.TempDir()
	archive := txtar.Parse([]byte(strings.ReplaceAll(text, "$DIR", dir)))
	archive.Files = append(archive.Files, txtar.File{Name: "config", Data: archive.Comment})
	for _, f := range archive.Files {
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	first, _, _ := strings.Cut(text, "\n")
	return filepath.Join(dir, "config"), strings.Fields(strings.TrimPrefix(first, "# ?"))
}

// testReader returns a reader with the home directory that ssh uses, whatever HOME is.
func testReader(t *testing.T) *Reader {
	t.Helper()
	account, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	r := NewReader()
	r.local.Home, r.homeIsAccounts = account.HomeDir, true
	return r
}

// mustHaveSSH skips the test with a reason when there is no client, and fails where everything must be installed.
func mustHaveSSH(t *testing.T) {
	t.Helper()
	testneeds.Program(t, "ssh", "openssh-client")
}
