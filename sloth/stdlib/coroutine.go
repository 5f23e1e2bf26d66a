package stdlib

import (
	lua "github.com/yuin/gopher-lua"
)

// openCoroutine defines the module coroutine. A coroutine that is made while the file is loaded may run in a task,
// and one made in a task in the next: all share the machine's own context, and not, as in gopher-lua, a child of
// what was the context when they were made.
func (l *Library) openCoroutine(state *lua.LState) {
	standard(state, lua.OpenCoroutine)
	table := state.GetGlobal("coroutine").(*lua.LTable)
	original := func(name string) lua.LGFunction { return table.RawGetString(name).(*lua.LFunction).GFunction }
	create, wrap := original("create"), original("wrap")
	l.module(state, "coroutine",
		function{"create", func(state *lua.LState) int {
			n := create(state)
			state.Get(-1).(*lua.LState).SetContext(state.Context())
			return n
		}},
		function{"resume", l.nested(original("resume"))},
		function{"wrap", func(state *lua.LState) int {
			n := wrap(state)
			iterator := state.Get(-1).(*lua.LFunction)
			iterator.Upvalues[0].Value().(*lua.LState).SetContext(state.Context())
			iterator.GFunction = l.nested(iterator.GFunction)
			return n
		}},
	)
}
