package stdlib

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	lua "github.com/yuin/gopher-lua"
)

// maxDateFormat bounds the format of os.date, which may say the same thing over and over.
const maxDateFormat = 1 << 10

// openOS defines the module os: the clock always, the rest only in tasks.
func (l *Library) openOS(state *lua.LState) {
	standard(state, lua.OpenOs)
	all := state.GetGlobal("os").(*lua.LTable)
	table := state.CreateTable(0, 10)
	for _, name := range []string{"clock", "difftime", "time"} {
		table.RawSetString(name, all.RawGetString(name))
	}
	state.SetGlobal("os", table)
	date := all.RawGetString("date").(*lua.LFunction).GFunction
	l.module(state, "os",
		function{"date", func(state *lua.LState) int {
			if len(state.OptString(1, "")) > maxDateFormat {
				state.ArgError(1, "format too long")
			}
			return date(state)
		}},
		function{"execute", l.onlyInTask(onlyCommandsInTask, l.osExecute)},
		function{"exit", unavailable("os.exit would end the agent; return true or false from the task instead")},
		function{"getenv", l.onlyInTask("os.getenv can be used only inside a task", getenv)},
		function{"remove", l.onlyInTask("os.remove can be used only inside a task", remove)},
		function{"rename", l.onlyInTask("os.rename can be used only inside a task", rename)},
		function{"tmpname", l.onlyInTask("os.tmpname can be used only inside a task", tmpname)},
	)
}

// osExecute is os.execute([command]): the command runs as with exec.run, and its exit code is returned. Without a
// command it says that there is a shell.
func (l *Library) osExecute(state *lua.LState) int {
	if state.GetTop() == 0 {
		state.Push(lua.LNumber(1))
		return 1
	}
	result := l.run(state, state.CheckString(1))
	state.Push(lua.LNumber(result.ExitCode))
	return 1
}

func getenv(state *lua.LState) int {
	value, ok := os.LookupEnv(state.CheckString(1))
	if !ok {
		state.Push(lua.LNil)
		return 1
	}
	state.Push(lua.LString(value))
	return 1
}

func remove(state *lua.LState) int {
	path := state.CheckString(1)
	return pushOutcome(state, path, os.Remove(path))
}

func rename(state *lua.LState) int {
	from := state.CheckString(1)
	return pushOutcome(state, from, os.Rename(from, state.CheckString(2)))
}

// tmpname makes the file, so that the name stays its caller's.
func tmpname(state *lua.LState) int {
	file, err := os.CreateTemp("", "lua_")
	if err != nil {
		state.RaiseError("unable to generate a unique filename: %s", reason(err))
	}
	_ = file.Close()
	state.Push(lua.LString(file.Name()))
	return 1
}

// pushOutcome pushes true, or nil, "path: why" and the system's error number.
func pushOutcome(state *lua.LState, path string, err error) int {
	if err == nil {
		state.Push(lua.LTrue)
		return 1
	}
	state.Push(lua.LNil)
	state.Push(lua.LString(path + ": " + reason(err)))
	var number syscall.Errno
	errors.As(err, &number)
	state.Push(lua.LNumber(number))
	return 3
}

// reason is the cause of a file's error without the operation and the path.
func reason(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err.Error()
	case errors.As(err, &link):
		return link.Err.Error()
	default:
		return err.Error()
	}
}
