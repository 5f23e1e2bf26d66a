// Package define makes global tables of Go functions in a Lua state.
package define

import (
	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/stack"
)

// Function is an entry of a table.
type Function struct {
	Name string
	Call lua.LGFunction
}

// Table defines a global table with the functions, or puts them into the one that is there. F is a package's own Function.
func Table[F ~struct {
	Name string
	Call lua.LGFunction
}](state *lua.LState, name string, functions ...F) *lua.LTable {
	table, ok := state.GetGlobal(name).(*lua.LTable)
	if !ok {
		table = state.CreateTable(0, len(functions))
		state.SetGlobal(name, table)
	}
	for _, own := range functions {
		f := Function(own)
		table.RawSetString(f.Name, state.NewFunction(f.Call))
	}
	return table
}

// Unavailable makes a function that fails with the reason.
func Unavailable(why string) lua.LGFunction {
	return func(state *lua.LState) int {
		stack.Fail(state, "%s", why)
		return 0
	}
}

// OnlyIf makes a function fail with the reason where allowed returns false.
func OnlyIf(allowed func() bool, why string, call lua.LGFunction) lua.LGFunction {
	return func(state *lua.LState) int {
		if !allowed() {
			stack.Fail(state, "%s", why)
		}
		return call(state)
	}
}
