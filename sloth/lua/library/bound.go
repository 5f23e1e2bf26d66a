package library

import (
	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/stack"
)

// ForBound is called for a bound of a numeric for that is no literal number. Its arguments are the value, and 1, 2 or 3
// for the initial value, the limit and the step. It returns the number that the value is or means as a text.
func ForBound(state *lua.LState) int {
	number, ok := arg.ToNumber(state.Get(1))
	if !ok {
		name := "initial value"
		switch state.Get(2) {
		case lua.LNumber(2):
			name = "limit"
		case lua.LNumber(3):
			name = "step"
		}
		stack.Fail(state, "'for' %s must be a number", name)
	}
	state.Push(number)
	return 1
}
