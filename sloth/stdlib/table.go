package stdlib

import (
	lua "github.com/yuin/gopher-lua"
)

// openTable defines the module table.
func (l *Library) openTable(state *lua.LState) {
	standard(state, lua.OpenTable)
	table := l.module(state, "table", function{"concat", l.concat})
	// The name that it has had since Lua 5.2.
	table.RawSetString("unpack", state.GetGlobal("unpack"))
}

// concat is table.concat(list [, separator [, i [, j]]]).
func (l *Library) concat(state *lua.LState) int {
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
			total += longestNumber
		default:
			state.RaiseError("table.concat: value %d is %s, not a string or number", i, kind(value))
		}
		if i > first {
			total += len(separator)
		}
		if total > MaxString {
			break
		}
	}
	result := l.text(state)
	result.grow(total)
	for i := first; i <= last; i++ {
		if i > first {
			result.write(separator)
		}
		result.write(lua.LVAsString(list.RawGet(lua.LNumber(i))))
	}
	state.Push(result.value())
	return 1
}
