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

// TestDryRunOfCommands: a dry run runs only what looks. A task that needs to know what another command wrote, or how it ended, ends
// there, wherever it would catch errors.
func TestDryRunOfCommands(t *testing.T) {
	t.Parallel()
	const would = "would run make it; what follows depends on it"
	for _, test := range []struct{ body, message, notes string }{
		{`local r = exec.run("make  it", { creates = "/no/such/file" })
			return r.success and r.skipped and r.changed and not r.truncated and r.duration == 0, "goes on"`, "goes on",
			"exec.run changed make it:  -> run|info: would run make it"},
		{`return exec.run("make it")`, "", "info: would run make it"},
		{`exec.must({ "make", "it" }) return true, exec.read("echo read") .. exec.run("echo looks", { changes = false }).output`, "readlooks",
			"info: would run make it|$ echo read|$ echo looks"},
		{`exec.run("make it", { unless = "exit 1" }) return true, "asked"`, "asked", "$ exit 1|exec.run changed make it:  -> run|info: would run make it"},
		{`exec.run("make it", { onlyif = "exit 1" }) return true, "asked"`, "asked", "$ exit 1|debug: exec.run: skipped make it: the command of onlyif fails"},
		{`return true, exec.run("make it").output`, would, "info: would run make it"},
		{`local r = exec.run("make it") if r.exit_code == 0 then log.info("went on") end`, would, "info: would run make it"},
		{`local r = exec.run("make it") pcall(function() return r.stdout end) log.info("went on")`, would, "info: would run make it"},
		{`local r = exec.run("make it") coroutine.wrap(function() return pcall(tostring, r.signal) end)() log.info("went on")`, would, "info: would run make it"},
	} {
		host := &testHost{dryRun: true}
		machine := openTest(t, host, task(test.body))
		result := machine.Run(t.Context(), "g", "t")
		if result.Message != test.message || !result.OK || result.Err != nil {
			t.Errorf("%s: %+v", test.body, result)
		}
		if notes := strings.Join(host.taken(), "|"); notes != test.notes {
			t.Errorf("%s: did %s; want %s", test.body, notes, test.notes)
		}
		if result := machine.Run(t.Context(), "g", "t"); result.Message != test.message {
			t.Errorf("%s: once more: %+v", test.body, result)
		}
	}
}
