package library

import (
	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/lua/define"
	"sloth-runner/sloth/lua/stack"
)

// openTable defines the module table. gopher-lua's functions take the length of the array that it keeps, where Lua takes
// that of the list, and so they find what was removed with t[#t] = nil.
func (l *Library) openTable(state *lua.LState) {
	table := define.Table(state, "table",
		function{"concat", l.concat},
		function{"foreach", foreach},
		function{"foreachi", foreachi},
		function{"getn", getn},
		function{"insert", l.insert},
		function{"maxn", maxn},
		function{"remove", removeEntry},
		function{"setn", setn},
		function{"sort", l.sort},
	)
	// The name that it has had since Lua 5.2.
	table.RawSetString("unpack", state.GetGlobal("unpack"))
}

// at is list[i], without metamethods. RawGetInt does not see what is not in the array.
func at(list *lua.LTable, i int) lua.LValue {
	if value := list.RawGetInt(i); value != lua.LNil {
		return value
	}
	return list.RawGet(lua.LNumber(i))
}

func getn(state *lua.LState) int {
	state.Push(lua.LNumber(arg.Table(state, 1).Len()))
	return 1
}

func setn(state *lua.LState) int {
	arg.Table(state, 1)
	stack.Fail(state, "'setn' is obsolete")
	return 0
}

func maxn(state *lua.LState) int {
	most := lua.LNumber(0)
	arg.Table(state, 1).ForEach(func(key, _ lua.LValue) {
		if number, ok := key.(lua.LNumber); ok && number > most {
			most = number
		}
	})
	state.Push(most)
	return 1
}

// insert is table.insert(list, [position,] value).
func (l *Library) insert(state *lua.LState) int {
	list := arg.Table(state, 1)
	n := list.Len()
	switch state.GetTop() {
	case 2:
		list.RawSetInt(n+1, state.Get(2))
	case 3:
		position, value := arg.Count(state, 2), state.Get(3)
		if position >= 1 && position <= n && n+1 < lua.MaxArrayIndex {
			list.Insert(position, value)
			break
		}
		// What lies before the list moves too, as far as to the position.
		for i := n + 1; i > position; i-- {
			list.RawSetInt(i, at(list, i-1))
			l.pause(state, n+1-i)
		}
		list.RawSetInt(position, value)
	default:
		stack.Fail(state, "wrong number of arguments to 'insert'")
	}
	return 0
}

// removeEntry is table.remove(list [, position]).
func removeEntry(state *lua.LState) int {
	list := arg.Table(state, 1)
	n := list.Len()
	position := arg.OptCount(state, 2, n)
	if position < 1 || position > n {
		return 0
	}
	state.Push(list.Remove(position))
	return 1
}

func foreach(state *lua.LState) int {
	table, call := arg.Table(state, 1), arg.Function(state, 2)
	for key, value := table.Next(lua.LNil); key != lua.LNil; key, value = table.Next(key) {
		if visited(state, call, key, value) {
			return 1
		}
	}
	return 0
}

func foreachi(state *lua.LState) int {
	list := arg.Table(state, 1)
	n, call := list.Len(), arg.Function(state, 2)
	for i := 1; i <= n; i++ {
		if visited(state, call, lua.LNumber(i), at(list, i)) {
			return 1
		}
	}
	return 0
}

// visited calls the function with an entry, and leaves its result on the stack if it is not nil.
func visited(state *lua.LState, call *lua.LFunction, key, value lua.LValue) bool {
	state.Push(call)
	state.Push(key)
	state.Push(value)
	state.Call(2, 1)
	if state.Get(-1) != lua.LNil {
		return true
	}
	state.Pop(1)
	return false
}

// concat is table.concat(list [, separator [, i [, j]]]).
func (l *Library) concat(state *lua.LState) int {
	separator, list := arg.OptString(state, 2, ""), arg.Table(state, 1)
	first, last := arg.OptCount(state, 3, 1), 0
	if state.Get(4) == lua.LNil {
		last = list.Len()
	} else {
		last = arg.Count(state, 4)
	}
	total := 0
	for i := first; i <= last && total <= bounds.MaxString; i++ {
		switch value := at(list, i).(type) {
		case lua.LString:
			total += len(value)
		case lua.LNumber:
			total += arg.LongestNumber
		default:
			stack.Fail(state, "invalid value (%s) at index %d in table for 'concat'", value.Type(), i)
		}
		if i > first {
			total += len(separator)
		}
	}
	result := l.text(state)
	result.grow(total)
	for i := first; i <= last; i++ {
		if i > first {
			result.write(separator)
		}
		piece, _ := arg.ToText(at(list, i))
		result.write(piece)
	}
	state.Push(result.value())
	return 1
}
