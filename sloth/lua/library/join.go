package library

import (
	lua "github.com/yuin/gopher-lua"
)

// Join makes one table of the parts of a large constructor. Its arguments are pairs: how many items a part has, and the
// part, a table. The items of a part come behind those of the parts before. 0 is for a part of named fields, -1 for one that
// is a list of a key and its value.
func Join(state *lua.LState) int {
	joined := state.NewTable()
	items := 0
	for i := 1; i < state.GetTop(); i += 2 {
		count := int(lua.LVAsNumber(state.Get(i)))
		part, ok := state.Get(i + 1).(*lua.LTable)
		switch {
		case !ok:
			state.RaiseError("a part of a table is %s", kind(state.Get(i+1)))
		case count < 0:
			setPair(state, joined, part.RawGetInt(1), part.RawGetInt(2))
		default:
			part.ForEach(func(key, value lua.LValue) {
				if index, isIndex := key.(lua.LNumber); isIndex && count > 0 {
					key = index + lua.LNumber(items)
				}
				joined.RawSet(key, value)
			})
			items += count
		}
	}
	state.Push(joined)
	return 1
}

func setPair(state *lua.LState, table *lua.LTable, key, value lua.LValue) {
	if key == lua.LNil {
		state.RaiseError("table index is nil")
	}
	if number, ok := key.(lua.LNumber); ok && number != number {
		state.RaiseError("table index is NaN")
	}
	table.RawSet(key, value)
}
