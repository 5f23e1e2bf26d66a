package stdlib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openString defines the module string, and its functions as methods of strings.
func (l *Library) openString(state *lua.LState) {
	standard(state, lua.OpenString)
	gmatch := function{"gmatch", l.gmatch}
	table := l.module(state, "string",
		function{"find", l.find},
		function{"format", format},
		function{"gfind", gmatch.call},
		gmatch,
		function{"gsub", l.gsub},
		function{"lower", lower},
		function{"match", l.match},
		function{"rep", rep},
		function{"upper", upper},
	)
	table.RawSetString("dump", lua.LNil)
}

func rep(state *lua.LState) int {
	text, n := state.CheckString(1), max(state.CheckInt(2), 0)
	if len(text) > 0 && n > MaxString/len(text) {
		state.RaiseError("string too long (at most %d MiB)", MaxString>>20)
	}
	if len(text) == 0 {
		n = 0
	}
	state.Push(lua.LString(strings.Repeat(text, n)))
	return 1
}

// lower and upper change the letters of ASCII, as the C locale does, so that the length stays.
func lower(state *lua.LState) int { return mapBytes(state, 'A', 'Z') }

func upper(state *lua.LState) int { return mapBytes(state, 'a', 'z') }

func mapBytes(state *lua.LState, from, to byte) int {
	text := []byte(state.CheckString(1))
	for i, c := range text {
		if from <= c && c <= to {
			text[i] = c ^ 0x20
		}
	}
	state.Push(lua.LString(text))
	return 1
}
