package library

import (
	"regexp"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/stack"
)

// openTypeErrors gives nil, booleans, numbers, functions and strings metamethods that fail with the words of C's Lua, as far
// as a type does not have the operation. gopher-lua's own errors don't name the type, or call operators by other names.
// getmetatable does not show these metatables.
func openTypeErrors(state *lua.LState) {
	for _, value := range []lua.LValue{lua.LNil, lua.LFalse, lua.LNumber(0), state.NewFunction(typeOf)} {
		metatable := state.NewTable()
		setTypeErrors(state, metatable, "__index", "__newindex", "__call", "__len")
		if value.Type() != lua.LTNumber {
			setTypeErrors(state, metatable, "__unm", "__lt", "__le")
		}
		for _, operator := range arithmetic {
			metatable.RawSetString(operator.event, state.NewFunction(operator.operate))
		}
		state.SetMetatable(value, metatable)
	}
	if metatable, ok := state.GetMetatable(lua.LString("")).(*lua.LTable); ok {
		setTypeErrors(state, metatable, "__newindex", "__call")
	}
}

// attempts says what a program tries to do with a value when it comes to a metamethod.
var attempts = map[string]string{
	"__index": "index", "__newindex": "index", "__call": "call", "__len": "get length of", "__unm": "perform arithmetic on",
}

func setTypeErrors(state *lua.LState, metatable *lua.LTable, events ...string) {
	for _, event := range events {
		attempt := attempts[event]
		metatable.RawSetString(event, state.NewFunction(func(state *lua.LState) int {
			switch value := state.Get(1); attempt {
			case "":
				stack.Fail(state, "attempt to compare two %s values", value.Type())
			case "index":
				stack.Fail(state, "attempt to index a %s value%s", value.Type(), keyName(state.Get(2)))
			default:
				stack.Fail(state, "attempt to %s a %s value", attempt, value.Type())
			}
			return 0
		}))
	}
}

// keyName tells a person which index failed; it is our own addition.
func keyName(key lua.LValue) string {
	if name, ok := key.(lua.LString); ok && len(name) < 100 {
		return " (key '" + string(name) + "')"
	}
	return ""
}

// machineError matches gopher-lua's words for operators on tables and userdata.
var machineError = regexp.MustCompile(`(?:cannot perform \w+ operation between (table|userdata) and (?:table|userdata)|` +
	`attempt to compare (table|userdata) with (table|userdata)|__unm undefined|attempt to call a non-function object)$`)

// inLuaWords is an error value with the words of C's Lua where it has gopher-lua's.
func inLuaWords(value lua.LValue) lua.LValue {
	text, ok := value.(lua.LString)
	if !ok {
		return value
	}
	match := machineError.FindStringSubmatchIndex(string(text))
	if match == nil {
		return value
	}
	return text[:match[0]] + lua.LString(luaWords(string(text[match[0]:])))
}

func luaWords(text string) string {
	words := strings.Fields(text)
	switch {
	case words[0] == "cannot":
		return "attempt to perform arithmetic on a " + words[5] + " value"
	case words[0] == "__unm":
		return "attempt to perform arithmetic on a table value"
	case words[2] == "call":
		return "attempt to call a table value"
	case words[3] == words[5]:
		return "attempt to compare two " + words[3] + " values"
	}
	return text
}
