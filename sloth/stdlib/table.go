package stdlib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openTable defines the module table.
func (l *Library) openTable(state *lua.LState) {
	standard(state, lua.OpenTable)
	table := l.module(state, "table", function{"concat", concat})
	// The name that it has had since Lua 5.2.
	table.RawSetString("unpack", state.GetGlobal("unpack"))
}

// concat is table.concat(list [, separator [, i [, j]]]).
func concat(state *lua.LState) int {
	list, separator := state.CheckTable(1), state.OptString(2, "")
	first, last := state.OptInt(3, 1), list.Len()
	if state.Get(4) != lua.LNil {
		last = state.CheckInt(4)
	}
	total := 0
	for i := first; i <= last; i++ {
		switch value := list.RawGet(lua.LNumber(i)).(type) {
		case lua.LString:
			total += len(value)
		case lua.LNumber:
			total += 24
		default:
			state.RaiseError("table.concat: value %d is %s, not a string or number", i, kind(value))
		}
		if i > first {
			total += len(separator)
		}
		checkLength(state, total)
	}
	var text strings.Builder
	text.Grow(total)
	for i := first; i <= last; i++ {
		if i > first {
			text.WriteString(separator)
		}
		text.WriteString(lua.LVAsString(list.RawGet(lua.LNumber(i))))
	}
	state.Push(lua.LString(text.String()))
	return 1
}
