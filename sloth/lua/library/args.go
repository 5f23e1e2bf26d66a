package library

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// The functions in this file read a function's arguments as those of C's Lua do: a number is also a text that means one, a
// text also a number, and what is optional may be nil. Errors have their words.

// argError raises an error about the argument n.
func argError(state *lua.LState, n int, format string, arguments ...any) {
	why := fmt.Sprintf(format, arguments...)
	name, method := currentFrame(state).name()
	if method {
		if n--; n == 0 {
			fail(state, "calling '%s' on bad self (%s)", name, why)
		}
	}
	fail(state, "bad argument #%d to '%s' (%s)", n, name, why)
}

func typeError(state *lua.LState, n int, wanted string) {
	argError(state, n, "%s expected, got %s", wanted, typeName(state, n))
}

// typeName is the type of the argument n, "no value" where there is none.
func typeName(state *lua.LState, n int) string {
	if n > state.GetTop() {
		return "no value"
	}
	return state.Get(n).Type().String()
}

func checkAny(state *lua.LState, n int) lua.LValue {
	if n > state.GetTop() {
		argError(state, n, "value expected")
	}
	return state.Get(n)
}

func checkNumber(state *lua.LState, n int) float64 {
	if number, ok := toNumber(state.Get(n)); ok {
		return float64(number)
	}
	typeError(state, n, "number")
	return 0
}

func checkInt(state *lua.LState, n int) int {
	return integer(lua.LNumber(checkNumber(state, n)))
}

// checkCount is checkInt for what C's Lua keeps in an int, cut to 32 bits.
func checkCount(state *lua.LState, n int) int { return int(int32(checkInt(state, n))) }

func optCount(state *lua.LState, n, otherwise int) int {
	if state.Get(n) == lua.LNil {
		return otherwise
	}
	return checkCount(state, n)
}

func optInt(state *lua.LState, n, otherwise int) int {
	if state.Get(n) == lua.LNil {
		return otherwise
	}
	return checkInt(state, n)
}

func checkString(state *lua.LState, n int) string {
	if text, ok := toText(state.Get(n)); ok {
		return text
	}
	typeError(state, n, "string")
	return ""
}

func optString(state *lua.LState, n int, otherwise string) string {
	if state.Get(n) == lua.LNil {
		return otherwise
	}
	return checkString(state, n)
}

func checkTable(state *lua.LState, n int) *lua.LTable {
	table, ok := state.Get(n).(*lua.LTable)
	if !ok {
		typeError(state, n, "table")
	}
	return table
}

func checkFunction(state *lua.LState, n int) *lua.LFunction {
	function, ok := state.Get(n).(*lua.LFunction)
	if !ok {
		typeError(state, n, "function")
	}
	return function
}

// checkOption returns the argument n, or what it is otherwise, if it is one of the options.
func checkOption(state *lua.LState, n int, otherwise string, options ...string) string {
	text := otherwise
	if otherwise == "" || state.Get(n) != lua.LNil {
		text = checkString(state, n)
	}
	for _, option := range options {
		if text == option {
			return text
		}
	}
	argError(state, n, "invalid option '%s'", text)
	return ""
}
