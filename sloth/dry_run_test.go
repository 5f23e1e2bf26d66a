package sloth

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Lua's own library changes nothing in a dry run, and later calls and tasks see what earlier ones would have done.
func TestDryRunOfTheLibrary(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	path := filepath.Join(dir, "f")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	host := &testHost{dryRun: true}
	machine := openTest(t, host, `local path = `+`"`+path+`"
TaskDefinitions = { g = { tasks = { { name = "change", command = function()
    local name = os.tmpname()
    local f = assert(io.open(name, "w"))
    f:write("new"); f:close()
    assert(os.rename(name, path))
    local made = assert(io.open(path .. "2", "w"))
    local left = io.tmpfile()
    left:write("x")
    assert(os.remove(path .. "2"))
    assert(os.execute("rm -rf " .. path) == 0)
    return true, io.open(path):read("*a")
end }, { name = "look", command = function()
    return true, io.open(path):read("*a") .. tostring(io.open(path .. "2"))
end } } } }`)
	for _, c := range []struct{ task, want string }{{"change", "new"}, {"look", "newnil"}} {
		if result := machine.Run(t.Context(), "g", c.task); !result.OK || result.Message != c.want {
			t.Errorf("%s: %+v", c.task, result)
		}
	}
	if notes := host.taken(); !slices.Equal(notes, []string{"info: would run rm -rf " + path}) {
		t.Errorf("notes %q", notes)
	}
	machine.Close()
	entries, err := os.ReadDir(dir)
	content, readErr := os.ReadFile(path)
	if err != nil || readErr != nil || len(entries) != 1 || string(content) != "old" {
		t.Errorf("%v, %q, %v, %v", entries, content, err, readErr)
	}
}

// What a dry run can't know ends the task, which code can't prevent; the task counts as done.
func TestDryRunEndsTask(t *testing.T) {
	t.Parallel()
	host := &testHost{dryRun: true}
	path := filepath.Join(t.TempDir(), "large")
	machine := openTest(t, host, task(`local f = assert(io.open("`+path+`", "w"))
for _ = 1, 17 do f:write(("x"):rep(1024 * 1024)) end
f:close()
io.stdout:write(io.open("`+path+`"):seek("end"), "\n")
pcall(function() io.open("`+path+`"):read(1) end)
log.info("not reached")`))
	result := machine.Run(t.Context(), "g", "t")
	if want := "would change " + path + "; what follows depends on it"; !result.OK || result.Err != nil || result.Message != want {
		t.Errorf("%+v, want %s", result, want)
	}
	if notes := host.taken(); len(notes) != 1 || !strings.HasSuffix(notes[0], "17825792") {
		t.Errorf("notes %q", notes)
	}
	if result := machine.Run(t.Context(), "g", "t"); !result.OK {
		t.Errorf("once more: %+v", result)
	}
}

// A command that validates a file is not run in a dry run, and nothing says that it would be: the name of the new file is of no use.
func TestDryRunValidatesByNoCommand(t *testing.T) {
	t.Parallel()
	host := &testHost{dryRun: true}
	path := filepath.Join(t.TempDir(), "f")
	machine := openTest(t, host, task(`file.write("`+path+`", { content = "x", validate = "false %s" }) return true, io.open("`+path+`"):read("*a")`))
	if result := machine.Run(t.Context(), "g", "t"); !result.OK || result.Message != "x" {
		t.Errorf("%+v", result)
	}
	if notes := host.taken(); len(notes) != 1 || !strings.HasPrefix(notes[0], "file.write changed "+path) {
		t.Errorf("notes %q", notes)
	}
}
