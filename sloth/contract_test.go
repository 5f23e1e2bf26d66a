package sloth

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"sloth-runner/sloth/modules/all"
)

// temporary are the names that differ from run to run.
var temporary = regexp.MustCompile(`lua_\w+|\.sloth-new-[\w-]+|\d{8}T?-?\d{6}\S*~`)

// foretold runs a task, and returns what came of it: its result, and the changes. Nothing else may differ between a dry run and a run.
func foretold(t *testing.T, dryRun bool, body string) string {
	t.Helper()
	host := &testHost{dryRun: dryRun}
	machine := openTest(t, host, task(body))
	result := machine.Run(t.Context(), "g", "t")
	lines := []string{fmt.Sprintf("ok %v: %s", result.OK, result.Message)}
	for _, note := range host.taken() {
		if strings.Contains(note, " changed ") {
			lines = append(lines, note)
		}
	}
	machine.Close()
	return temporary.ReplaceAllString(strings.Join(lines, "\n"), "TEMP")
}

// onDisk describes all that is in a directory, with what changes when it is written to.
func onDisk(t *testing.T, dir string) string {
	t.Helper()
	var text strings.Builder
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		var stat unix.Stat_t
		if err := unix.Lstat(path, &stat); err != nil {
			return err
		}
		content := []byte{}
		if info.Mode().IsRegular() {
			content, err = os.ReadFile(path)
		}
		fmt.Fprintf(&text, "%s %v %v %v %q\n", path, info.Mode(), info.ModTime(), stat.Ctim, content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// TestDryRunOfExamples: a dry run of the example of each function that says nothing of commands tells what the run does, and
// changes nothing.
func TestDryRunOfExamples(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for _, m := range all.Modules() {
		for _, f := range m.Functions {
			if m.Name == "exec" {
				continue // a dry run does not know what a command would do
			}
			before := onDisk(t, dir)
			dry := foretold(t, true, f.Example)
			if after := onDisk(t, dir); after != before {
				t.Errorf("%s.%s: a dry run changed the disk:\n%s\nbefore:\n%s", m.Name, f.Name, after, before)
			}
			if done := foretold(t, false, f.Example); dry != done {
				t.Errorf("%s.%s: foretold was\n%s\ndone was\n%s", m.Name, f.Name, dry, done)
			}
		}
	}
}

// contractCases are calls on a directory dir; see contractDir for what is in it.
var contractCases = []string{
	`file.write(dir .. "/f", { content = "new\n", mode = "0600" })`,
	`file.write(dir .. "/f", { content = "one\ntwo\n", mode = "0600" })`,
	`file.write(dir .. "/link", { content = "through a link\n" })`,
	`file.write(dir .. "/a/b/c", { content = "x", parents = true, mode = "0640" })`,
	`file.write(dir .. "/d", { content = "x" })`,
	`file.write(dir .. "/d", { content = "x", force = true })`,
	`file.write(dir .. "/fifo", { content = "x" })`,
	`file.write(dir .. "/twice", { content = "x" })`,
	`file.write(dir .. "/nowhere/f", { content = "x" })`,
	`file.write(dir .. "/f", { content = "x", owner = "no-such-account" })`,
	`file.write(dir .. "/f", { content = "x", backup = true })`,
	`file.write(dir .. "/f", { content = "x", validate = function(path) return io.open(path):read("*a") == "x" end })`,
	`file.write(dir .. "/f", { content = "y", validate = function(path) return io.open(path):read("*a") == "x" end })`,
	`file.write(dir .. "/f", { content = "x", validate = "grep -q x %s" })`,
	`file.write(dir .. "/twice", { content = "x", in_place = true, mode = "0600" })
	 return true, io.open(dir .. "/names"):read("*a")`,
	`file.dir(dir .. "/d", { mode = "0700" })`,
	`file.dir(dir .. "/new/er", { parents = true, mode = "0750" })`,
	`file.dir(dir .. "/new/er")`,
	`file.dir(dir .. "/f")`,
	`file.dir(dir .. "/f", { force = true })`,
	`file.link(dir .. "/link", { to = "f" })`,
	`file.link(dir .. "/link", { to = "d" }) return file.stat(dir .. "/link/in") ~= nil, file.stat(dir .. "/link").type`,
	`file.link(dir .. "/d/new", { to = "../f" }) return true, file.read(dir .. "/d/new")`,
	`file.link(dir .. "/f", { to = "d" })`,
	`file.link(dir .. "/f", { to = "d", force = true })`,
	`file.absent(dir .. "/d") return not file.exists(dir .. "/d/in")`,
	`file.absent(dir .. "/link") return file.exists(dir .. "/f")`,
	`file.absent(dir .. "/none/at/all")`,
	`file.absent(dir .. "/none") file.absent("/")`,
	`file.attributes(dir .. "/f", { mode = "u+x,o=" }) return true, file.stat(dir .. "/f").mode`,
	`file.attributes(dir .. "/d", { recursive = true, file_mode = "0600", dir_mode = "0700" })`,
	`file.attributes(dir .. "/none", { mode = "0600" })`,
	`file.dir(dir .. "/made") file.write(dir .. "/made/f", { content = "abc" }) file.link(dir .. "/made/l", { to = "f" })
	 local found = file.find(dir .. "/made", { type = "any" })
	 return true, #found .. file.read(dir .. "/made/l") .. file.sha256(dir .. "/made/f")`,
	`file.write(dir .. "/d", { content = "x", force = true }) return true, file.read(dir .. "/d")`,
	`file.line(dir .. "/f", { line = "two = 2", match = "^two" })`,
	`file.line(dir .. "/f", { line = "three" })`,
	`file.line(dir .. "/none", { line = "three" })`,
	`file.line(dir .. "/none", { line = "three", create = true })`,
	`file.block(dir .. "/f", { id = "b", text = "in a block" })`,
	`file.replace(dir .. "/f", { match = "one", with = "1" })`,
	`file.ini(dir .. "/f.ini", { section = "main", key = "port", value = "8080" })`,
	`file.edit(dir .. "/f", function(text) return text:upper() end)`,
	`file.dir(dir .. "/d", { mode = "0700" })`,
	`file.dir(dir .. "/x/y", { parents = true })`,
	`file.dir(dir .. "/x/y")`,
	`file.dir(dir .. "/f")`,
	`file.dir(dir .. "/f", { force = true })`,
	`file.link(dir .. "/link", { to = "names" })`,
	`file.link(dir .. "/d", { to = "names" })`,
	`file.link(dir .. "/d", { to = "names", force = true })`,
	`file.link(dir .. "/x/link", { to = "../f", parents = true })`,
	`file.absent(dir .. "/f")`,
	`file.absent(dir .. "/d")`,
	`file.absent(dir .. "/link")`,
	`file.absent("/")`,
	`file.absent(dir .. "/none")`,
	`file.attributes(dir .. "/f", { mode = "u+x,go=" })`,
	`file.attributes(dir, { mode = "u=rwX,go=rX", recursive = true })`,
	`file.attributes(dir, { dir_mode = "0700", file_mode = "0600", recursive = true })`,
	`file.attributes(dir .. "/none", { mode = "0600" })`,
	`file.attributes(dir .. "/f", { owner = "no-such-account" })`,
	`return true, file.read(dir .. "/f") .. file.sha256(dir .. "/f") .. file.stat(dir .. "/f").mode .. tostring(file.exists(dir .. "/none"))`,
	`file.read(dir .. "/d")`,
	`file.absent(dir .. "/d") file.dir(dir .. "/x/new", { parents = true }) return true, table.concat(file.find(dir, { type = "any" }), " ")`,
	`file.line(dir .. "/f", { line = "zero", before = "^one", backup = true })`,
	`file.line(dir .. "/f", { line = "three", after = "^nothing" })`,
	`file.line(dir .. "/f", { match = "^one", absent = true, mode = "0600" })`,
	`file.line(dir .. "/none", { line = "one", absent = true })`,
	`file.line(dir .. "/link", { line = "three", validate = function(path) return false, "no" end })`,
	`file.line(dir .. "/d", { line = "three" })`,
	`file.line(dir .. "/twice", { line = "three" })`,
	`file.block(dir .. "/f", { id = "b", absent = true })`,
	`file.block(dir .. "/new/f", { id = "b", text = "x", create = true, parents = true })`,
	`file.replace(dir .. "/f", { match = "o", with = "oo" })`,
	`file.ini(dir .. "/f.ini", { section = "main", absent = true })`,
	`file.ini(dir .. "/f.ini", { section = "other", key = "on", value = true, mode = "u=rw,go=" })`,
	`file.edit(dir .. "/f", function(text) error("no") end)`,
	`file.edit(dir .. "/e", function(text) return text .. "x" == "x" and "x" or text end, { create = true })`,
	`release.stage(dir .. "/app", { name = "1", shared_dirs = "log", fill = function(path) file.write(path .. "/f", { content = "1" }) end })
	 release.activate(dir .. "/app", { name = "1" })`,
	`release.stage(dir .. "/app", { name = "1", fill = function(path) error("no") end })`,
	`release.stage(dir .. "/app", { name = "1", shared_files = "key", fill = function() end })`,
	`release.activate(dir .. "/app", { name = "1" })`,
	`release.rollback(dir .. "/app")`,
	`for _, name in ipairs({ "1", "2", "3" }) do release.stage(dir .. "/app", { name = name, fill = function() end }) end
	 release.activate(dir .. "/app", { name = "3" })
	 release.prune(dir .. "/app", { keep = 3 })
	 file.write(dir .. "/app/current/f", { content = "into the version that is used" })`,
	// What one call would have made, the next one sees.
	`file.write(dir .. "/n/f", { content = "port = 80\n", parents = true })
	 file.line(dir .. "/n/f", { line = "# a port", match = "^#" })
	 os.remove(dir .. "/twice")
	 file.write(dir .. "/n/g", { content = io.open(dir .. "/n/f"):read("*a") })`,
	`os.remove(dir .. "/f") file.write(dir .. "/f", { content = "again", mode = "0644" })`,
	`os.rename(dir .. "/d", dir .. "/moved") file.write(dir .. "/moved/in", { content = "changed" })`,
}

// contractElsewhere are functions that need what a call on a directory does not have.
var contractElsewhere = []string{"file.copy", "file.fetch"} // files that a run offers: see cli/testdata

// TestContractIsWhole: each function of files is in the table, so that a new one is not forgotten.
func TestContractIsWhole(t *testing.T) {
	t.Parallel()
	calls := strings.Join(contractCases, "\n")
	for _, m := range all.Modules() {
		for _, f := range m.Functions {
			name := m.Name + "." + f.Name
			if m.Name == "file" && !slices.Contains(contractElsewhere, name) && !strings.Contains(calls, name+"(") {
				t.Errorf("no case of TestContract calls %s", name)
			}
		}
	}
}

// contractDir makes a directory with something of everything.
func contractDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	for name, content := range map[string]string{"f": "one\ntwo\n", "f.ini": "[main]\nport = 80\n", "d/in": "x", "names": "n"} {
		if err := os.MkdirAll(filepath.Dir(in(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(in(name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{os.Symlink("f", in("link")), os.Link(in("names"), in("twice")), syscall.Mkfifo(in("fifo"), 0o600)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestContract: of each call, a dry run tells what the run changes and how it fails, no more and no less, and changes nothing. After the
// run, nothing is left to change for what can be called twice.
func TestContract(t *testing.T) {
	t.Parallel()
	for _, call := range contractCases {
		dir := contractDir(t)
		body := "local dir = [[" + dir + "]]\n" + call
		before := onDisk(t, dir)
		dry := foretold(t, true, body)
		if after := onDisk(t, dir); after != before {
			t.Errorf("%s: a dry run changed the disk:\n%s\nbefore:\n%s", call, after, before)
		}
		if done := foretold(t, false, body); dry != done {
			t.Errorf("%s: foretold was\n%s\ndone was\n%s", call, dry, done)
		}
		if again, done := foretold(t, true, body), foretold(t, false, body); again != done || !strings.Contains(call, "os.") && strings.Contains(again, " changed ") {
			t.Errorf("%s: for the second time, foretold was\n%s\ndone was\n%s", call, again, done)
		}
	}
}
