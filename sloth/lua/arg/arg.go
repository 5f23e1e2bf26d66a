package arg

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/stack"
)

// Fail raises an error about the argument n.
func Fail(state *lua.LState, n int, format string, arguments ...any) {
	why := fmt.Sprintf(format, arguments...)
	name, method := stack.Current(state).Name()
	if method {
		if n--; n == 0 {
			stack.Fail(state, "calling '%s' on bad self (%s)", name, why)
		}
	}
	stack.Fail(state, "bad argument #%d to '%s' (%s)", n, name, why)
}

// FailType raises the error that the argument n is of another type than wanted.
func FailType(state *lua.LState, n int, wanted string) {
	Fail(state, n, "%s expected, got %s", wanted, TypeName(state, n))
}

// TypeName is the type of the argument n, "no value" where there is none.
func TypeName(state *lua.LState, n int) string {
	if n > state.GetTop() {
		return "no value"
	}
	return state.Get(n).Type().String()
}

// Any returns the argument n, which may be nil but has to be there.
func Any(state *lua.LState, n int) lua.LValue {
	if n > state.GetTop() {
		Fail(state, n, "value expected")
	}
	return state.Get(n)
}

// Number returns the argument n as a number.
func Number(state *lua.LState, n int) float64 {
	if number, ok := ToNumber(state.Get(n)); ok {
		return float64(number)
	}
	FailType(state, n, "number")
	return 0
}

// Int returns the argument n as C's ptrdiff_t.
func Int(state *lua.LState, n int) int {
	return Integer(lua.LNumber(Number(state, n)))
}

// Count is Int for what C's Lua keeps in an int, cut to 32 bits.
func Count(state *lua.LState, n int) int { return int(int32(Int(state, n))) }

// OptCount is Count for an argument that may be absent.
func OptCount(state *lua.LState, n, otherwise int) int {
	if state.Get(n) == lua.LNil {
		return otherwise
	}
	return Count(state, n)
}

// OptInt is Int for an argument that may be absent.
func OptInt(state *lua.LState, n, otherwise int) int {
	if state.Get(n) == lua.LNil {
		return otherwise
	}
	return Int(state, n)
}

// String returns the argument n as a text.
func String(state *lua.LState, n int) string {
	if text, ok := ToText(state.Get(n)); ok {
		return text
	}
	FailType(state, n, "string")
	return ""
}

// OptString is String for an argument that may be absent.
func OptString(state *lua.LState, n int, otherwise string) string {
	if state.Get(n) == lua.LNil {
		return otherwise
	}
	return String(state, n)
}

// Table returns the argument n, which has to be a table.
func Table(state *lua.LState, n int) *lua.LTable {
	table, ok := state.Get(n).(*lua.LTable)
	if !ok {
		FailType(state, n, "table")
	}
	return table
}

// Function returns the argument n, which has to be a Lua or Go function.
func Function(state *lua.LState, n int) *lua.LFunction {
	function, ok := state.Get(n).(*lua.LFunction)
	if !ok {
		FailType(state, n, "function")
	}
	return function
}

// Option returns the argument n, or what it is otherwise, if it is one of the options.
func Option(state *lua.LState, n int, otherwise string, options ...string) string {
	text := otherwise
	if otherwise == "" || state.Get(n) != lua.LNil {
		text = String(state, n)
	}
	for _, option := range options {
		if text == option {
			return text
		}
	}
	Fail(state, n, "invalid option '%s'", text)
	return ""
}
