package library

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/internal/abandon"
	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/stack"
)

// openOS defines the module os: the clock always, the rest only in tasks.
func (l *Library) openOS(state *lua.LState) {
	l.module(state, "os",
		function{"clock", clock},
		function{"date", l.date},
		function{"difftime", difftime},
		function{"execute", l.onlyInTask(onlyCommandsInTask, l.osExecute)},
		function{"exit", unavailable("os.exit would end the agent; return true or false from the task instead")},
		function{"getenv", l.onlyInTask("os.getenv can be used only inside a task", getenv)},
		function{"remove", l.onlyInTask("os.remove can be used only inside a task", l.remove)},
		function{"rename", l.onlyInTask("os.rename can be used only inside a task", l.rename)},
		function{"time", osTime},
		function{"tmpname", l.onlyInTask("os.tmpname can be used only inside a task", l.tmpname)},
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
	result := l.run(state, arg.String(state, 1))
	state.Push(lua.LNumber(result.ExitCode))
	return 1
}

func getenv(state *lua.LState) int {
	value, ok := os.LookupEnv(arg.String(state, 1))
	if !ok {
		state.Push(lua.LNil)
		return 1
	}
	state.Push(lua.LString(value))
	return 1
}

func (l *Library) remove(state *lua.LState) int {
	path := arg.String(state, 1)
	return pushOutcome(state, path, l.path(state, "os.remove", path, func() error { return os.Remove(path) }))
}

func (l *Library) rename(state *lua.LState) int {
	from, to := arg.String(state, 1), arg.String(state, 2)
	return pushOutcome(state, from, l.path(state, "os.rename", from, func() error { return os.Rename(from, to) }))
}

// tmpname makes the file, so that the name stays its caller's.
func (l *Library) tmpname(state *lua.LState) int {
	name, err := call(l, state, abandon.Work[string]{
		Call: abandon.Call{Name: "os.tmpname", Path: os.TempDir()},
		Do: func() (string, error) {
			file, err := os.CreateTemp("", "lua_")
			if err != nil {
				return "", err
			}
			return file.Name(), file.Close()
		},
		Release: func(name string, _ error) { _ = os.Remove(name) },
	})
	if err != nil {
		stack.Fail(state, "unable to generate a unique filename: %s", reason(err))
	}
	state.Push(lua.LString(name))
	return 1
}

// pushOutcome pushes true, or nil, the reason, and the system's error number. The reason begins with the path, if there is one.
func pushOutcome(state *lua.LState, path string, err error) int {
	if err == nil {
		state.Push(lua.LTrue)
		return 1
	}
	if path != "" {
		path += ": "
	}
	state.Push(lua.LNil)
	state.Push(lua.LString(path + reason(err)))
	var number syscall.Errno
	errors.As(err, &number)
	state.Push(lua.LNumber(number))
	return 3
}

// reason is the cause of a file's error without the operation and the path. What the system says begins with a capital
// letter in C.
func reason(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	var number syscall.Errno
	switch {
	case errors.As(err, &number):
		text := number.Error()
		return strings.ToUpper(text[:1]) + text[1:]
	case errors.As(err, &path):
		return path.Err.Error()
	case errors.As(err, &link):
		return link.Err.Error()
	default:
		return err.Error()
	}
}
