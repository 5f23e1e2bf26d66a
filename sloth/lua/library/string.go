package library

import (
	"math"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/lua/define"
	"sloth-runner/sloth/lua/stack"
)

// openString defines the module string, and its functions as methods of strings.
func (l *Library) openString(state *lua.LState) {
	gmatch := l.gmatch
	table := define.Table(state, "string",
		function{"byte", byteCodes},
		function{"char", char},
		function{"find", l.find},
		function{"format", l.format},
		function{"gfind", gmatch},
		function{"gmatch", gmatch},
		function{"gsub", l.gsub},
		function{"len", length},
		function{"lower", l.lower},
		function{"match", l.match},
		function{"rep", l.rep},
		function{"reverse", l.reverse},
		function{"sub", sub},
		function{"upper", l.upper},
	)
	metatable := state.CreateTable(0, 8)
	metatable.RawSetString("__index", table)
	openArithmetic(state, metatable)
	state.SetMetatable(lua.LString(""), metatable)
}

// position is a place in a text of n bytes; a negative one counts from the end. The result may lie outside the text, on
// both sides.
func position(place, n int) int {
	if place >= 0 {
		return place
	}
	return max(place+n+1, 0)
}

// slice returns the part of a text from place to place, both included.
func slice(text string, from, to int) string {
	from, to = max(position(from, len(text)), 1), min(position(to, len(text)), len(text))
	if from > to {
		return ""
	}
	return text[from-1 : to]
}

// byteCodes is string.byte(text [, i [, j]]).
func byteCodes(state *lua.LState) int {
	text := arg.String(state, 1)
	from := position(arg.OptInt(state, 2, 1), len(text))
	part := slice(text, from, position(arg.OptInt(state, 3, from), len(text)))
	if len(part) > maxResults {
		stack.Fail(state, "string slice too long")
	}
	for i := range len(part) {
		state.Push(lua.LNumber(part[i]))
	}
	return len(part)
}

// char is string.char(...).
func char(state *lua.LState) int {
	text := make([]byte, state.GetTop())
	for i := range text {
		code := arg.Count(state, i+1)
		if code < 0 || code > math.MaxUint8 {
			arg.Fail(state, i+1, "invalid value")
		}
		text[i] = byte(code)
	}
	state.Push(lua.LString(text))
	return 1
}

func length(state *lua.LState) int {
	state.Push(lua.LNumber(len(arg.String(state, 1))))
	return 1
}

// sub is string.sub(text, i [, j]).
func sub(state *lua.LState) int {
	text := arg.String(state, 1)
	from := arg.Int(state, 2)
	state.Push(lua.LString(slice(text, from, arg.OptInt(state, 3, -1))))
	return 1
}

func (l *Library) rep(state *lua.LState) int {
	text, n := arg.String(state, 1), max(arg.Int(state, 2), 0)
	switch {
	case text == "":
		n = 0
	case n > bounds.MaxString/len(text):
		l.reserve(state, bounds.MaxString+1)
	}
	l.reserve(state, n*len(text))
	state.Push(lua.LString(strings.Repeat(text, n)))
	return 1
}

// lower and upper change the letters of ASCII, as the C locale does, so that the length stays.
func (l *Library) lower(state *lua.LState) int { return l.mapBytes(state, 'A', 'Z') }

func (l *Library) upper(state *lua.LState) int { return l.mapBytes(state, 'a', 'z') }

func (l *Library) mapBytes(state *lua.LState, from, to byte) int {
	text := arg.String(state, 1)
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
	text := arg.String(state, 1)
	l.reserve(state, len(text))
	result := []byte(text)
	slices.Reverse(result)
	state.Push(lua.LString(result))
	return 1
}
