package sloth

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sloth-runner/sloth/modules/all"
)

// TestExamples: the example of each function is a task that loads and succeeds on a host.
func TestExamples(t *testing.T) {
	for _, m := range all.Modules() {
		for _, f := range m.Functions {
			t.Run(m.Name+"."+f.Name, func(t *testing.T) {
				t.Parallel()
				machine := openTest(t, new(testHost), task(f.Example))
				if result := machine.Run(t.Context(), "g", "t"); !result.OK || result.Message == "" && strings.Contains(f.Example, "return true, ") {
					t.Errorf("%s\nok %v, %q", f.Example, result.OK, result.Message)
				}
			})
		}
	}
}

// TestCallsOfModules: what Lua code passes to a function is what the module gets, and mistakes have the line of the call.
func TestCallsOfModules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, want string }{
		// Files pass on the count of gsub.
		{`return true, exec.run(("xcho ok"):gsub("x", "e")).output`, "ok"},
		{`local command, word = "echo no", "/" exec.run(command, word)`, "test.sloth:2: exec.run: the options must be a table, not a string"},
		{`local command, word = "echo no", "/" exec.run(command, nil, word)`, "test.sloth:2: exec.run takes 1 argument and a table of options, and there is a string more"},
		{`local options = { cdw = "/" } exec.run("echo no", options)`, "test.sloth:2: exec.run: unknown option 'cdw', did you mean 'cwd'?"},
		{`exec.run("true", {}) return true, "an empty table is nothing"`, "an empty table is nothing"},
		{`return true, exec.run({ "echo", "a  b", "$HOME" }).output`, "a  b $HOME"},
		{`local words = { "echo", "no", 1 } exec.run(words)`, "test.sloth:2: exec.run: the command: word 3 must be a string, not a number"},
		{`local commands = exec commands:run("echo no")`, "test.sloth:2: exec.run: the command must be a string or a list of strings, not a table; write exec.run(command), with a dot"},
		{`local t = {} t.t = t exec.run("echo no", t)`, "test.sloth:2: exec.run: the options are a table that is in itself, or more than 100 deep"},
		{`exec.run({})`, "test.sloth:2: cannot run the command: it names no program"},
		{`return true, tostring(exec.which("no-such-program"))`, "nil"},
		{`return true, (select("#", log.info("x")))`, "0"},
	} {
		host := new(testHost)
		machine := openTest(t, host, task(c.body))
		if got := machine.Run(t.Context(), "g", "t"); got.Message != c.want {
			t.Errorf("%s: %q, want %q", c.body, got.Message, c.want)
		}
		if notes := strings.Join(host.taken(), "\n"); strings.Contains(notes, "echo no") {
			t.Errorf("%s ran %s", c.body, notes)
		}
	}
}

// TestFileEdit: what goes wrong in the function of file.edit has the line of the file where it does.
func TestFileEdit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ function, want string }{
		{"function(text) error(\"no: \" .. text) end", "test.sloth:3: no: old"},
		{"function(text) return text.x.y end", "test.sloth:3: attempt to index a nil value"},
		{"function() error({ 1 }) end", "test.sloth:3: error value {1}"},
		{"function() end", "test.sloth:3: cannot change 'PATH': the function returned nothing, and not the new text"},
		{"function() return false, \"why\" end", "test.sloth:3: cannot change 'PATH': the function returned a boolean, and not the new text"},
		{"coroutine.yield", "test.sloth:3: the function that it was given yields, which it can't do in a call of a module"},
		{"function() coroutine.yield(1) return \"x\" end", "test.sloth:3: the function that it was given yields"},
		{"function(text) return text end)\ncoroutine.wrap(function() file.edit(path, function() coroutine.yield(1) return \"x\" end) end)(",
			"test.sloth:4: the function that it was given yields"},
		{"tostring(1)", "test.sloth:3: file.edit: the change must be a function, not a string"},
	} {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		machine := openTest(t, new(testHost), task("local path = "+strconv.Quote(path)+"\nfile.edit(path, "+c.function+")"))
		got := machine.Run(t.Context(), "g", "t")
		if want := strings.ReplaceAll(c.want, "PATH", path); got.OK || !strings.Contains(got.Message, want) {
			t.Errorf("%s: ok %v, %q, want %q", c.function, got.OK, got.Message, want)
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != "old" {
			t.Errorf("%s: %q, %v", c.function, text, err)
		}
	}
}
