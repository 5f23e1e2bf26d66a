package library

import (
	"context"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/plan"
	"sloth-runner/proto"
	"sloth-runner/sloth/lua/stack"
)

const onlyCommandsInTask = "commands run only inside a task"

// MaxOutput is how many bytes of a command's stdout, and of its stderr, Lua code sees.
const MaxOutput = 8 << 20

// openExec defines the module exec.
func (l *Library) openExec(state *lua.LState) {
	l.module(state, "exec", function{"run", l.onlyInTask(onlyCommandsInTask, l.execRun)})
}

// execRun is exec.run(command): it waits for the command, and returns a table that says what became of it.
func (l *Library) execRun(state *lua.LState) int {
	command, ok := state.Get(1).(lua.LString)
	if !ok {
		hint := ""
		if state.Get(1) == state.GetGlobal("exec") {
			hint = "; write exec.run(command), with a dot"
		}
		stack.Fail(state, "exec.run: the command must be a string, not %s%s", kind(state.Get(1)), hint)
	}
	result := l.run(state, string(command))
	stdout := string(result.Stdout)
	table := state.CreateTable(0, 9)
	table.RawSetString("success", lua.LBool(result.ExitCode == 0 && result.Signal == ""))
	table.RawSetString("output", lua.LString(strings.TrimRight(stdout, "\n")))
	table.RawSetString("stdout", lua.LString(stdout))
	table.RawSetString("stderr", lua.LString(result.Stderr))
	table.RawSetString("exit_code", lua.LNumber(result.ExitCode))
	table.RawSetString("duration", lua.LNumber(result.Duration.Seconds()))
	table.RawSetString("truncated", lua.LBool(result.Truncated))
	if result.Truncated {
		l.system.Log(proto.Log_WARN, fmt.Sprintf("%sexec.run: the command wrote more than %d MiB: stdout and stderr of the result "+
			"have the first %d MiB of each, and truncated is true; let the command write to a file, or less",
			stack.Place(state), MaxOutput>>20, MaxOutput>>20))
	}
	if result.Signal != "" {
		table.RawSetString("signal", lua.LString(result.Signal))
	}
	state.Push(table)
	return 1
}

// run runs a command for Lua code. When the code has to end, it ends here: a command that was stopped is no result.
func (l *Library) run(state *lua.LState, command string) Result {
	switch {
	case len(command) > plan.MaxArgument:
		stack.Fail(state, "cannot run the command: it has %d bytes, and a system takes at most %d as one argument; "+
			"write it to a file with io.open, and run \"sh FILE\"", len(command), plan.MaxArgument)
	case strings.ContainsRune(command, 0):
		stack.Fail(state, "cannot run the command: it has a NUL byte in it")
	}
	l.Flush()
	result, err := l.system.Exec(command)
	if cause := context.Cause(l.system.Context()); cause != nil {
		stack.Fail(state, "%s", cause)
	}
	if err != nil {
		stack.Fail(state, "cannot run the command: %s", err)
	}
	return result
}
