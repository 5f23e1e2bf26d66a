package library

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/pattern"
	"sloth-runner/sloth/lua/stack"
)

// find is string.find(text, pattern [, init [, plain]]).
func (l *Library) find(state *lua.LState) int {
	text, sought := arg.String(state, 1), arg.String(state, 2)
	from := startIndex(state, text)
	if lua.LVAsBool(state.Get(4)) || !strings.ContainsAny(sought, "^$*+?.([%-") {
		at := strings.Index(text[from:], sought)
		if at < 0 {
			state.Push(lua.LNil)
			return 1
		}
		state.Push(lua.LNumber(from + at + 1))
		state.Push(lua.LNumber(from + at + len(sought)))
		return 2
	}
	m, start, end, ok := l.first(state, text, sought, from)
	if !ok {
		state.Push(lua.LNil)
		return 1
	}
	state.Push(lua.LNumber(start + 1))
	state.Push(lua.LNumber(end))
	return 2 + pushCaptures(state, m, text, -1, -1)
}

// match is string.match(text, pattern [, init]).
func (l *Library) match(state *lua.LState) int {
	text, sought := arg.String(state, 1), arg.String(state, 2)
	m, start, end, ok := l.first(state, text, sought, startIndex(state, text))
	if !ok {
		state.Push(lua.LNil)
		return 1
	}
	return pushCaptures(state, m, text, start, end)
}

func (l *Library) first(state *lua.LState, text, sought string, from int) (*pattern.Matcher, int, int, bool) {
	m := pattern.New(text, sought, true, l.interrupted)
	start, end, ok := next(state, m, from)
	return m, start, end, ok
}

// gmatch is string.gmatch(text, pattern).
func (l *Library) gmatch(state *lua.LState) int {
	text := arg.String(state, 1)
	m := pattern.New(text, arg.String(state, 2), false, l.interrupted)
	from := 0
	state.Push(state.NewFunction(func(state *lua.LState) int {
		if from > len(text) {
			return 0
		}
		start, end, ok := next(state, m, from)
		if !ok {
			from = len(text) + 1
			return 0
		}
		if from = end; end == start {
			from++
		}
		return pushCaptures(state, m, text, start, end)
	}))
	return 1
}

// next finds the next match, and turns what is wrong with the pattern into a Lua error.
func next(state *lua.LState, m *pattern.Matcher, from int) (start, end int, ok bool) {
	start, end, ok, err := m.Next(from)
	if err != nil {
		stack.Fail(state, "%s", err)
	}
	return start, end, ok
}

// startIndex is the place from which the third argument tells to search.
func startIndex(state *lua.LState, text string) int {
	return min(max(position(arg.OptInt(state, 3, 1), len(text)), 1)-1, len(text))
}

// pushCaptures pushes the captures of the last match; if the pattern has none, the text from start to end, unless
// start is negative.
func pushCaptures(state *lua.LState, m *pattern.Matcher, text string, start, end int) int {
	values := captureValues(state, m, text)
	if len(values) == 0 && start >= 0 {
		values = append(values, lua.LString(text[start:end]))
	}
	for _, value := range values {
		state.Push(value)
	}
	return len(values)
}

func captureValues(state *lua.LState, m *pattern.Matcher, text string) []lua.LValue {
	captures, err := m.Captures()
	if err != nil {
		stack.Fail(state, "%s", err)
	}
	values := make([]lua.LValue, len(captures), len(captures)+1)
	for i, c := range captures {
		if c.Position {
			values[i] = lua.LNumber(c.Start + 1)
			continue
		}
		values[i] = lua.LString(text[c.Start:c.End])
	}
	return values
}
