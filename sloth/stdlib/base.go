package stdlib

import (
	"runtime"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/proto"
)

// openBase defines the global functions.
func (l *Library) openBase(state *lua.LState) {
	standard(state, lua.OpenBase)
	for _, name := range []string{"_printregs", "_GOPHER_LUA_VERSION", "newproxy", "module"} {
		state.SetGlobal(name, lua.LNil)
	}
	for _, f := range []function{
		{"assert", assert},
		{"collectgarbage", collectGarbage},
		{"dofile", unavailable("dofile: other files can't be loaded")},
		{"error", raise},
		{"load", l.load},
		{"loadfile", unavailable("loadfile: other files can't be loaded")},
		{"loadstring", l.loadString},
		{"pcall", l.nested(pcall)},
		{"print", l.print},
		{"require", unavailable("require: other files can't be loaded")},
		{"tonumber", tonumber},
		{"xpcall", l.nested(xpcall)},
	} {
		state.SetGlobal(f.name, state.NewFunction(f.call))
	}
}

// assert passes error values of every type on, and adds the place to a text.
func assert(state *lua.LState) int {
	if lua.LVAsBool(state.CheckAny(1)) {
		return state.GetTop()
	}
	switch message := state.Get(2).(type) {
	case *lua.LNilType:
		state.RaiseError("assertion failed!")
	case lua.LString:
		state.RaiseError("%s", string(message))
	default:
		state.Error(message, 0)
	}
	return 0
}

// collectGarbage answers "count" in KiB. The rest of it has nothing to do: Go collects by itself.
func collectGarbage(state *lua.LState) int {
	if state.OptString(1, "collect") != "count" {
		state.Push(lua.LNumber(0))
		return 1
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	state.Push(lua.LNumber(memory.HeapAlloc) / 1024)
	return 1
}

// raise is error(value, level). gopher-lua's own blames the wrong line at levels above 1 and refuses nil.
func raise(state *lua.LState) int {
	value, level := state.Get(1), state.OptInt(2, 1)
	if text, ok := value.(lua.LString); ok && level > 0 {
		// Only Lua code has lines.
		if where := state.Where(level); where != "" && where != "[G]:" {
			value = lua.LString(where+" ") + text
		}
	}
	state.Error(value, 0)
	return 0
}

func pcall(state *lua.LState) int {
	state.CheckAny(1)
	if err := state.PCall(state.GetTop()-1, lua.MultRet, nil); err != nil {
		state.Push(lua.LFalse)
		state.Push(ErrorValue(err))
		return 2
	}
	state.Insert(lua.LTrue, 1)
	return state.GetTop()
}

// xpcall calls the handler after the stack is unwound: gopher-lua's own leaves closures with variables that have
// ceased to be.
func xpcall(state *lua.LState) int {
	handler := state.CheckFunction(2)
	state.Remove(2)
	if err := state.PCall(state.GetTop()-1, lua.MultRet, nil); err != nil {
		state.Push(lua.LFalse)
		state.Push(handler)
		state.Push(ErrorValue(err))
		state.Call(1, 1)
		return 2
	}
	state.Insert(lua.LTrue, 1)
	return state.GetTop()
}

// ErrorValue returns the value that was raised. A failure inside the machine, which would read as Go, becomes a text.
func ErrorValue(err error) lua.LValue {
	raised, ok := err.(*lua.ApiError)
	switch {
	case !ok:
		return lua.LString("internal error of the Lua machine")
	case raised.Type != lua.ApiErrorPanic:
		return raised.Object
	case strings.Contains(raised.Object.String(), "callstack overflow"):
		return lua.LString("stack overflow")
	default:
		return lua.LString("internal error of the Lua machine")
	}
}

// load joins the pieces that a function returns. Byte code is not understood.
func (l *Library) load(state *lua.LState) int {
	source := l.text(state)
	if text, ok := state.CheckAny(1).(lua.LString); ok {
		return l.loadSource(state, string(text))
	}
	reader := state.CheckFunction(1)
	for {
		state.Push(reader)
		state.Call(0, 1)
		piece := state.Get(-1)
		state.Pop(1)
		if piece == lua.LNil || piece == lua.LString("") {
			return l.loadSource(state, string(source.value()))
		}
		text, ok := piece.(lua.LString)
		if !ok {
			state.RaiseError("load: the reader function must return a string, not a %s", piece.Type())
		}
		source.write(string(text))
	}
}

func (l *Library) loadString(state *lua.LState) int { return l.loadSource(state, state.CheckString(1)) }

func (l *Library) loadSource(state *lua.LState, source string) int {
	function, err := l.system.Compile(state, state.OptString(2, "(load)"), source)
	if err != nil {
		state.Push(lua.LNil)
		state.Push(lua.LString(err.Error()))
		return 2
	}
	state.Push(function)
	return 1
}

// print is log.info in a task.
func (l *Library) print(state *lua.LState) int {
	l.log(state, proto.Log_INFO)
	return 0
}
