package library

import (
	"context"
	"syscall"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/define"
	"sloth-runner/sloth/lua/library/files"
	"sloth-runner/sloth/lua/stack"
	"sloth-runner/sloth/module"
)

// openOS defines the module os: the clock always, the rest only in tasks.
func (l *Library) openOS(state *lua.LState) {
	define.Table(state, "os",
		function{"clock", clock},
		function{"date", l.date},
		function{"difftime", difftime},
		function{"execute", define.OnlyIf(l.system.InTask, "commands run only inside a task", l.osExecute)},
		function{"exit", define.Unavailable("os.exit would end the agent; return true or false from the task instead")},
		function{"getenv", define.OnlyIf(l.system.InTask, "os.getenv can be used only inside a task", l.getenv)},
		function{"remove", define.OnlyIf(l.system.InTask, "os.remove can be used only inside a task", l.remove)},
		function{"rename", define.OnlyIf(l.system.InTask, "os.rename can be used only inside a task", l.rename)},
		function{"time", osTime},
		function{"tmpname", define.OnlyIf(l.system.InTask, "os.tmpname can be used only inside a task", l.tmpname)},
	)
}

// clock is os.clock(): the CPU time of the process.
func clock(state *lua.LState) int {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		stack.Fail(state, "os.clock: %s", err)
	}
	state.Push(lua.LNumber(seconds(usage.Utime) + seconds(usage.Stime)))
	return 1
}

func seconds(time syscall.Timeval) float64 { return float64(time.Sec) + float64(time.Usec)/1e6 }

// osExecute is os.execute([command]): the command runs as with exec.run, and its exit code is returned. Without a
// command it says that there is a shell.
func (l *Library) osExecute(state *lua.LState) int {
	if state.Get(1) == lua.LNil {
		state.Push(lua.LNumber(1))
		return 1
	}
	line := arg.String(state, 1)
	l.Flush()
	result, err := module.RunShell(l.system.Context(), l.system.Host(), line)
	if err != nil {
		stack.Fail(state, "%s", err)
	}
	state.Push(lua.LNumber(result.ExitCode))
	return 1
}

func (l *Library) getenv(state *lua.LState) int {
	value, ok := l.system.Host().Getenv(arg.String(state, 1))
	if !ok {
		state.Push(lua.LNil)
		return 1
	}
	state.Push(lua.LString(value))
	return 1
}

func (l *Library) remove(state *lua.LState) int {
	path := arg.String(state, 1)
	return files.PushOutcome(state, path, left(state, l.system.Host().Remove(l.in("os.remove"), path)))
}

func (l *Library) rename(state *lua.LState) int {
	from, to := arg.String(state, 1), arg.String(state, 2)
	return files.PushOutcome(state, from, left(state, l.system.Host().Rename(l.in("os.rename"), from, to)))
}

// tmpname makes the file, so that the name stays its caller's.
func (l *Library) tmpname(state *lua.LState) int {
	ctx, name := l.in("os.tmpname"), ""
	file, err := l.system.Host().Temp(ctx, module.TempNamed)
	if err == nil {
		name, err = file.Name(), file.Close(ctx)
	}
	files.FailIfLeft(state, err)
	if err != nil {
		stack.Fail(state, "unable to generate a unique filename: %s", files.Reason(err))
	}
	state.Push(lua.LString(name))
	return 1
}

// in is the context of a call into the system for the Lua function of that name.
func (l *Library) in(name string) context.Context { return module.InCall(l.system.Context(), name) }

// left fails where the Lua code has to end, and returns all other errors.
func left(state *lua.LState, err error) error {
	files.FailIfLeft(state, err)
	return err
}
