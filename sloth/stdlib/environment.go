package stdlib

import (
	lua "github.com/yuin/gopher-lua"
)

// getfenv is getfenv([function or level]).
func getfenv(state *lua.LState) int {
	if level, ok := toNumber(state.Get(1)); ok && level == 0 {
		state.Push(state.Env)
		return 1
	}
	function := functionAt(state, 1)
	if function.IsG {
		state.Push(state.Env)
	} else {
		state.Push(function.Env)
	}
	return 1
}

// setfenv is setfenv(function or level, table).
func setfenv(state *lua.LState) int {
	table := checkTable(state, 2)
	if level, ok := toNumber(state.Get(1)); ok && level == 0 {
		state.Env = table
		return 0
	}
	if state.Get(1) == lua.LNil {
		typeError(state, 1, "number")
	}
	function := functionAt(state, 1)
	if function.IsG {
		fail(state, "'setfenv' cannot change environment of given object")
	}
	function.Env = table
	state.Push(function)
	return 1
}

// functionAt returns the function that is the argument, or that runs at the level of the stack which is the argument; the
// caller of setfenv or getfenv has level 1.
func functionAt(state *lua.LState, argument int) *lua.LFunction {
	if function, ok := state.Get(argument).(*lua.LFunction); ok {
		return function
	}
	level := optInt(state, argument, 1)
	if level < 0 {
		argError(state, argument, "level must be non-negative")
	}
	stack, ok := state.GetStack(level)
	if !ok {
		argError(state, argument, "invalid level")
	}
	value, err := state.GetInfo("f", stack, lua.LNil)
	function, isFunction := value.(*lua.LFunction)
	if err != nil || !isFunction {
		argError(state, argument, "invalid level")
	}
	return function
}
