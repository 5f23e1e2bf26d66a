package stdlib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openString defines the module string, and its functions as methods of strings.
func (l *Library) openString(state *lua.LState) {
	standard(state, lua.OpenString)
	gmatch := function{"gmatch", l.gmatch}
	table := l.module(state, "string",
		function{"find", l.find},
		function{"format", l.format},
		function{"gfind", gmatch.call},
		gmatch,
		function{"gsub", l.gsub},
		function{"lower", l.lower},
		function{"match", l.match},
		function{"rep", l.rep},
		function{"reverse", l.reverse},
		function{"upper", l.upper},
	)
	table.RawSetString("dump", lua.LNil)
	metatable := state.CreateTable(0, 8)
	metatable.RawSetString("__index", table)
	openArithmetic(state, metatable)
	state.SetMetatable(lua.LString(""), metatable)
}

func (l *Library) rep(state *lua.LState) int {
	text, n := state.CheckString(1), max(state.CheckInt(2), 0)
	switch {
	case text == "":
		n = 0
	case n > MaxString/len(text):
		l.reserve(state, MaxString+1)
	}
	l.reserve(state, n*len(text))
	state.Push(lua.LString(strings.Repeat(text, n)))
	return 1
}

// lower and upper change the letters of ASCII, as the C locale does, so that the length stays.
func (l *Library) lower(state *lua.LState) int { return l.mapBytes(state, 'A', 'Z') }

func (l *Library) upper(state *lua.LState) int { return l.mapBytes(state, 'a', 'z') }

func (l *Library) mapBytes(state *lua.LState, from, to byte) int {
	text := state.CheckString(1)
	l.reserve(state, len(text))
	result := []byte(text)
	for i, c := range result {
		if from <= c && c <= to {
			result[i] = c ^ 0x20
		}
	}
	state.Push(lua.LString(result))
	return 1
}

// reverse is by bytes.
func (l *Library) reverse(state *lua.LState) int {
	text := state.CheckString(1)
	l.reserve(state, len(text))
	result := []byte(text)
	slices.Reverse(result)
	state.Push(lua.LString(result))
	return 1
}
