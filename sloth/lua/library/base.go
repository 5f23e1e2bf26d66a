package library

import (
	"math"
	"runtime"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/define"
	"sloth-runner/sloth/lua/stack"
)

// maxResults bounds how many values one call makes at once: they have to find room on the stack.
const maxResults = 200_000

// openBase defines the global functions.
func (l *Library) openBase(state *lua.LState) {
	// What gopher-lua has of its own goes: newproxy and module among it.
	standard(state, lua.OpenBase)
	for _, name := range []string{"_printregs", "_GOPHER_LUA_VERSION", "newproxy", "module"} {
		state.SetGlobal(name, lua.LNil)
	}
	state.SetGlobal("_VERSION", lua.LString("Lua 5.1"))
	for _, f := range []function{
		{"assert", assert},
		{"collectgarbage", collectGarbage},
		{"dofile", define.Unavailable("dofile: other files can't be loaded")},
		{"error", l.raise},
		{"gcinfo", gcinfo},
		{"getfenv", l.getfenv},
		{"getmetatable", getmetatable},
		{"load", l.load},
		{"loadfile", define.Unavailable("loadfile: other files can't be loaded")},
		{"loadstring", l.loadString},
		{"pcall", l.nested(l.pcall)},
		{"print", l.print},
		{"rawequal", rawequal},
		{"rawget", rawget},
		{"rawset", rawset},
		{"require", define.Unavailable("require: other files can't be loaded")},
		{"select", selectArguments},
		{"setfenv", l.setfenv},
		{"setmetatable", setmetatable},
		{"tonumber", tonumber},
		{"tostring", tostring},
		{"type", typeOf},
		{"unpack", unpack},
		{"xpcall", l.nested(l.xpcall)},
	} {
		state.SetGlobal(f.Name, state.NewFunction(f.Call))
	}
	openIterators(state)
}

// assert passes error values of every type on.
func assert(state *lua.LState) int {
	if lua.LVAsBool(arg.Any(state, 1)) {
		return state.GetTop()
	}
	message, ok := arg.ToText(state.Get(2))
	switch {
	case ok:
		stack.Fail(state, "%s", message)
	case state.Get(2) == lua.LNil:
		stack.Fail(state, "assertion failed!")
	}
	state.Error(state.Get(2), 0)
	return 0
}

// collectGarbage answers "count" in KiB. The rest of it has nothing to do: Go collects by itself.
func collectGarbage(state *lua.LState) int {
	result := lua.LValue(lua.LNumber(0))
	switch arg.Option(state, 1, "collect", "stop", "restart", "collect", "count", "step", "setpause", "setstepmul") {
	case "count":
		result = lua.LNumber(memoryInUse()) / 1024
	case "step":
		result = lua.LTrue
	case "setpause", "setstepmul":
		result = lua.LNumber(200)
	}
	arg.OptInt(state, 2, 0)
	state.Push(result)
	return 1
}

func gcinfo(state *lua.LState) int {
	state.Push(lua.LNumber(memoryInUse() / 1024))
	return 1
}

func memoryInUse() uint64 {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return memory.HeapAlloc
}

// raise is error(value, level).
func (l *Library) raise(state *lua.LState) int {
	value, level := state.Get(1), arg.OptCount(state, 2, 1)
	if text, ok := arg.ToText(value); ok && level > 0 {
		value = lua.LString(l.place(state, level) + text)
	}
	state.Error(value, 0)
	return 0
}

// getmetatable does not show the metatables that only make errors.
func getmetatable(state *lua.LState) int {
	value := arg.Any(state, 1)
	switch value.Type() {
	case lua.LTTable, lua.LTUserData, lua.LTString:
		state.Push(state.GetMetatable(value))
	default:
		state.Push(lua.LNil)
	}
	return 1
}

func setmetatable(state *lua.LState) int {
	table := arg.Table(state, 1)
	metatable, ok := state.Get(2).(*lua.LTable)
	if !ok && (state.GetTop() < 2 || state.Get(2) != lua.LNil) {
		arg.Fail(state, 2, "nil or table expected")
	}
	if state.GetMetaField(table, "__metatable") != lua.LNil {
		stack.Fail(state, "cannot change a protected metatable")
	}
	table.Metatable = lua.LNil
	if ok {
		table.Metatable = metatable
	}
	state.Push(table)
	return 1
}

func rawequal(state *lua.LState) int {
	a, b := arg.Any(state, 1), arg.Any(state, 2)
	state.Push(lua.LBool(state.RawEqual(a, b)))
	return 1
}

func rawget(state *lua.LState) int {
	table := arg.Table(state, 1)
	state.Push(table.RawGet(arg.Any(state, 2)))
	return 1
}

func rawset(state *lua.LState) int {
	table, key, value := arg.Table(state, 1), arg.Any(state, 2), arg.Any(state, 3)
	switch number, ok := key.(lua.LNumber); {
	case key == lua.LNil:
		state.Error(lua.LString("table index is nil"), 0)
	case ok && math.IsNaN(float64(number)):
		state.Error(lua.LString("table index is NaN"), 0)
	}
	table.RawSet(key, value)
	state.Push(table)
	return 1
}

// selectArguments is select(n, ...) and select("#", ...).
func selectArguments(state *lua.LState) int {
	top := state.GetTop()
	if text, ok := state.Get(1).(lua.LString); ok && len(text) > 0 && text[0] == '#' {
		state.Push(lua.LNumber(top - 1))
		return 1
	}
	n := arg.Count(state, 1)
	switch {
	case n < 0:
		n += top
	case n > top:
		n = top
	}
	if n < 1 {
		arg.Fail(state, 1, "index out of range")
	}
	return top - n
}

func tostring(state *lua.LState) int {
	state.Push(described(state, arg.Any(state, 1)))
	return 1
}

// described is the value's __tostring, which may return anything, or what Lua itself writes for it.
func described(state *lua.LState, value lua.LValue) lua.LValue {
	if number, ok := value.(lua.LNumber); ok {
		return lua.LString(arg.FormatNumber(number))
	}
	method := state.GetMetaField(value, "__tostring")
	if method == lua.LNil {
		return lua.LString(value.String())
	}
	state.Push(method)
	state.Push(value)
	state.Call(1, 1)
	result := state.Get(-1)
	state.Pop(1)
	return result
}

// display is what print, log and %s write for a value.
func display(state *lua.LState, value lua.LValue) string {
	value = described(state, value)
	if text, ok := arg.ToText(value); ok {
		return text
	}
	return value.String()
}

func typeOf(state *lua.LState) int {
	state.Push(lua.LString(arg.Any(state, 1).Type().String()))
	return 1
}

// unpack is unpack(list [, i [, j]]).
func unpack(state *lua.LState) int {
	list, first := arg.Table(state, 1), arg.OptCount(state, 2, 1)
	last := 0
	if state.Get(3) == lua.LNil {
		last = list.Len()
	} else {
		last = arg.Count(state, 3)
	}
	if first > last {
		return 0
	}
	if n := last - first; n < 0 || n >= maxResults {
		stack.Fail(state, "too many results to unpack")
	}
	for i := first; i <= last; i++ {
		state.Push(at(list, i))
	}
	return last - first + 1
}
