package library

import (
	"math"
	"reflect"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
)

// openIterators defines next, pairs and ipairs.
func openIterators(state *lua.LState) {
	next, step := state.NewFunction(followingEntry), state.NewFunction(nextIndex)
	state.SetGlobal("next", state.NewFunction(nextEntry))
	state.SetGlobal("pairs", state.NewFunction(func(state *lua.LState) int {
		table := arg.Table(state, 1)
		state.Push(next)
		state.Push(table)
		state.Push(lua.LNil)
		return 3
	}))
	state.SetGlobal("ipairs", state.NewFunction(func(state *lua.LState) int {
		table := arg.Table(state, 1)
		state.Push(step)
		state.Push(table)
		state.Push(lua.LNumber(0))
		return 3
	}))
}

// nextEntry is next(table [, key]).
func nextEntry(state *lua.LState) int {
	table, key := arg.Table(state, 1), state.Get(2)
	if key != lua.LNil && table.RawGet(key) == lua.LNil && !knows(table, key) {
		state.Error(lua.LString("invalid key to 'next'"), 0)
	}
	return pushFollowing(state, table, key)
}

// followingEntry is next for pairs, whose keys come from the table.
func followingEntry(state *lua.LState) int {
	return pushFollowing(state, arg.Table(state, 1), state.Get(2))
}

func pushFollowing(state *lua.LState, table *lua.LTable, key lua.LValue) int {
	key, value := table.Next(key)
	if key == lua.LNil {
		state.Push(lua.LNil)
		return 1
	}
	state.Push(key)
	state.Push(value)
	return 2
}

// knows reports whether a key without a value once had one, so that an iteration may go on behind it. gopher-lua keeps
// such keys, and takes others for the first.
func knows(table *lua.LTable, key lua.LValue) bool {
	fields := reflect.ValueOf(table).Elem()
	if number, ok := key.(lua.LNumber); ok {
		n := float64(number)
		if n == math.Trunc(n) && n >= 1 && n <= float64(fields.FieldByName("array").Len()) {
			return true
		}
	}
	return fields.FieldByName("k2i").MapIndex(reflect.ValueOf(key)).IsValid()
}

// nextIndex is what ipairs iterates with.
func nextIndex(state *lua.LState) int {
	table := arg.Table(state, 1)
	var i int
	if number, ok := state.Get(2).(lua.LNumber); ok && number >= 0 && number < 1<<31 {
		i = int(number) + 1
	} else {
		i = arg.Count(state, 2) + 1
	}
	value := at(table, i)
	if value == lua.LNil {
		return 0
	}
	state.Push(lua.LNumber(i))
	state.Push(value)
	return 2
}
