package bootstrap

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shell is a login shell with start-up code of its own. What it makes in the places that all hosts of a machine share
// is the test's alone, and goes with it: its `id -u` gives a name and not a number. (`id -ru` gives the number that it is.)
type shell struct {
	// path is the shell's, and bin the directory of programs that it finds first.
	path, bin string
	// id is what the places of this account end with.
	id string
}

func newShell(t *testing.T) *shell {
	t.Helper()
	dir := t.TempDir()
	s := &shell{path: filepath.Join(dir, "shell"), bin: filepath.Join(dir, "bin"), id: "test-" + newMarker()}
	s.program(t, "id", fmt.Sprintf(`case $1 in -ru) echo %d;; *) echo %s;; esac`, os.Getuid(), s.id))
	s.startUp(t, "")
	t.Cleanup(func() {
		for _, place := range Places[1:] {
			if err := os.RemoveAll(s.place(place)); err != nil {
				t.Error(err)
			}
		}
		if err := os.RemoveAll("/run/user/" + s.id); err != nil {
			t.Error(err)
		}
	})
	return s
}

// place is one of Places, for this account.
func (s *shell) place(place string) string { return strings.ReplaceAll(place, "$u", s.id) }

// program adds a program that is a line of sh.
func (s *shell) program(t *testing.T, name, line string) {
	t.Helper()
	write(t, filepath.Join(s.bin, name), "#!/bin/sh\n"+line+"\n", 0o755)
}

// startUp sets what the shell does before the command.
func (s *shell) startUp(t *testing.T, lines string) *shell {
	t.Helper()
	write(t, s.path, fmt.Sprintf("#!/bin/sh\nPATH=%s:$PATH\n%s\nexec /bin/sh \"$@\"\n", s.bin, lines), 0o755)
	return s
}

// programs are all that the scripts may need, apart from those that compute digests.
var programs = []string{"sh", "uname", "ls", "mkdir", "rm", "rmdir", "chmod", "df", "mv", "cat", "gzip", "sha256sum"}

// lacking makes the shell find only what the scripts need, without some of it.
func (s *shell) lacking(t *testing.T, names ...string) *shell {
	t.Helper()
	for _, name := range programs {
		if slices.Contains(names, name) {
			continue
		}
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(s.bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	return s.startUp(t, "PATH="+s.bin)
}
