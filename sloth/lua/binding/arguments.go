package binding

import (
	"errors"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/internal/fault"
	"sloth-runner/sloth/lua/library"
	"sloth-runner/sloth/lua/stack"
	"sloth-runner/sloth/module"
)

// arguments are those of a call, as a module reads them.
type arguments struct {
	from converter
	// table is that of the module.
	table *lua.LTable
	top   int
}

// Len implements module.Arguments.
func (a *arguments) Len() int { return a.top }

// Value implements module.Arguments.
func (a *arguments) Value(n int) any {
	if n >= a.top {
		return nil
	}
	value := a.from.state.Get(n + 1)
	if value == lua.LValue(a.table) {
		return module.Self{Value: module.Opaque{Kind: "table"}}
	}
	return a.from.toGo(value)
}

// Printed implements module.Arguments.
func (a *arguments) Printed(n int) string { return library.Printed(a.from.state, n+1) }

// raise raises an error of a function. One that a Lua function raised, which the module called, stays what it is. One of what was
// not done in a dry run ends the Lua code.
func (b *Modules) raise(state *lua.LState, err error) {
	if raised, ok := errors.AsType[luaError](err); ok {
		state.Error(raised.value, 0)
	}
	if undone, ok := errors.AsType[module.NotDone](err); ok {
		b.system.EndTask(undone)
	}
	stack.Fail(state, "%s", fault.WithHint(err))
}

// luaError is an error of a Lua function that a module called.
type luaError struct{ value lua.LValue }

// Error is the text of the value, where it is one.
func (e luaError) Error() string { return e.value.String() }
