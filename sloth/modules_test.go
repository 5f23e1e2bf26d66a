package sloth

import (
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
		{`exec.run("echo no", { cwd = "/" })`, "test.sloth:2: exec.run: unknown option 'cwd': it has no options"},
		{`exec.run("true", {}) return true, "an empty table is nothing"`, "an empty table is nothing"},
		{`exec.run({ "echo", "no" })`, "test.sloth:2: exec.run: the command must be a string, not a table"},
		{`exec:run("echo no")`, "test.sloth:2: exec.run: the command must be a string, not a table; write exec.run(command), with a dot"},
		{`local t = {} t.t = t exec.run("echo no", t)`, "test.sloth:2: exec.run: argument 2 is a table that is in itself, or more than 100 deep"},
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
