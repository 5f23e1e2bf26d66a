package sloth

import (
	"strings"
	"testing"
)

// A result that is not all that a command wrote says so, in the result and in the log.
func TestTruncatedOutput(t *testing.T) {
	t.Parallel()
	truncated := true
	host := &testHost{answer: func(string) (ExecResult, error) {
		return ExecResult{Stdout: []byte("beginning"), Truncated: truncated}, nil
	}}
	machine := openTest(t, host, task(`local r = exec.run("x") return true, tostring(r.truncated) .. " " .. r.output`))
	if result := machine.Run(t.Context(), "g", "t"); !result.OK || result.Message != "true beginning" {
		t.Errorf("result %+v", result)
	}
	notes := host.taken()
	if len(notes) != 2 || !strings.HasPrefix(notes[1], "warn: test.sloth:2: exec.run: the command wrote more than 8 MiB") {
		t.Errorf("notes %q", notes)
	}
	truncated = false
	if result := machine.Run(t.Context(), "g", "t"); !result.OK || result.Message != "false beginning" {
		t.Errorf("result %+v", result)
	}
	if notes := host.taken(); len(notes) != 1 {
		t.Errorf("notes %q", notes)
	}
}

// The longest command runs, in a real shell, and one byte more is refused with what to do.
func TestLongestCommand(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ body, want string }{
		{`local r = exec.run("echo hi #" .. ("x"):rep(131071 - 9)) return r.success, r.output`, "hi"},
		{`return true, tostring(os.execute("exit 3 #" .. ("x"):rep(131071 - 8)))`, "3"},
		{`exec.run(("x"):rep(131072))`, `test.sloth:2: cannot run the command: it has 131072 bytes, and a system takes at most 131071 as one argument; write it to a file with io.open, and run "sh FILE"`},
		{`os.execute(("x"):rep(131072))`, `test.sloth:2: cannot run the command: it has 131072 bytes, and a system takes at most 131071 as one argument; write it to a file with io.open, and run "sh FILE"`},
		{`exec.run("a\0b")`, "test.sloth:2: cannot run the command: it has a NUL byte in it"},
	} {
		machine := openTest(t, new(testHost), task(test.body))
		if result := machine.Run(t.Context(), "g", "t"); result.Message != test.want {
			t.Errorf("%s: %+v", test.body, result)
		}
	}
	file := func(length string) string {
		return `TaskDefinitions = { g = { tasks = { { name = "t", command = ("x"):rep(` + length + `) } } } }`
	}
	if _, err := Load(t.Context(), "test.sloth", []byte(file("131071"))); err != nil {
		t.Error(err)
	}
	_, err := Load(t.Context(), "test.sloth", []byte(file("131072")))
	const want = "test.sloth:1: command of task 't' has 131072 bytes, and a system takes at most 131071 as one argument: write it to a file in a function, with io.open, and run that"
	if err == nil || err.Error() != want {
		t.Errorf("error %v", err)
	}
}
