package library

import (
	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/stack"
)

// getfenv is getfenv([function or level]).
func (l *Library) getfenv(state *lua.LState) int {
	if level, ok := arg.ToNumber(state.Get(1)); ok && level == 0 {
		state.Push(state.Env)
		return 1
	}
	function := l.functionAt(state, 1)
	if function.IsG {
		state.Push(state.Env)
	} else {
		state.Push(function.Env)
	}
	return 1
}

// setfenv is setfenv(function or level, table).
func (l *Library) setfenv(state *lua.LState) int {
	table := arg.Table(state, 2)
	if level, ok := arg.ToNumber(state.Get(1)); ok && level == 0 {
		state.Env = table
		return 0
	}
	if state.Get(1) == lua.LNil {
		arg.FailType(state, 1, "number")
	}
	function := l.functionAt(state, 1)
	if function.IsG {
		stack.Fail(state, "'setfenv' cannot change environment of given object")
	}
	function.Env = table
	state.Push(function)
	return 1
}

// functionAt returns the function that is the argument, or that runs at the level of the stack which is the argument; the
// caller of setfenv or getfenv has level 1.
func (l *Library) functionAt(state *lua.LState, argument int) *lua.LFunction {
	if function, ok := state.Get(argument).(*lua.LFunction); ok {
		return function
	}
	level := arg.OptCount(state, argument, 1)
	if level < 0 {
		arg.Fail(state, argument, "level must be non-negative")
	}
	f, ok := l.frameAt(state, level)
	switch {
	case !ok:
		arg.Fail(state, argument, "invalid level")
	case f == nil:
		stack.Fail(state, "no function environment for tail call at level %d", level)
	}
	return f.Fn
}
