package library

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/pattern"
	"sloth-runner/sloth/lua/stack"
)

// gsub is string.gsub(text, pattern, replacement [, n]), in time proportional to text and result.
func (l *Library) gsub(state *lua.LState) int {
	text, sought := arg.String(state, 1), arg.String(state, 2)
	limit := arg.OptCount(state, 4, len(text)+1)
	replace := l.replacement(state, 3)
	m := pattern.New(text, sought, true, l.interrupted)
	result := l.text(state)
	count, from := 0, 0
	for count < limit && from <= len(text) {
		start, end, ok := next(state, m, from)
		if !ok {
			break
		}
		count++
		result.write(text[from:start])
		result.write(replace(m, text, start, end))
		if from = end; start == end {
			if start < len(text) {
				result.writeByte(text[start])
			}
			from++
		}
		if m.Anchored() {
			break
		}
	}
	if from < len(text) {
		result.write(text[from:])
	}
	state.Push(result.value())
	state.Push(lua.LNumber(count))
	return 2
}

// replacement returns what makes the replacement of one match from the argument, a text, table or function.
func (l *Library) replacement(state *lua.LState, argument int) func(m *pattern.Matcher, text string, start, end int) string {
	switch value := state.Get(argument).(type) {
	case lua.LString, lua.LNumber:
		template, _ := arg.ToText(value)
		return func(m *pattern.Matcher, text string, start, end int) string {
			return l.expand(state, template, m, text, start, end)
		}
	case *lua.LTable:
		return func(m *pattern.Matcher, text string, start, end int) string {
			return replaced(state, state.GetTable(value, capturesOrWhole(state, m, text, start, end)[0]), text[start:end])
		}
	case *lua.LFunction:
		return func(m *pattern.Matcher, text string, start, end int) string {
			state.Push(value)
			captures := capturesOrWhole(state, m, text, start, end)
			for _, capture := range captures {
				state.Push(capture)
			}
			state.Call(len(captures), 1)
			result := state.Get(-1)
			state.Pop(1)
			return replaced(state, result, text[start:end])
		}
	default:
		arg.Fail(state, argument, "string/function/table expected")
		return nil
	}
}

func capturesOrWhole(state *lua.LState, m *pattern.Matcher, text string, start, end int) []lua.LValue {
	values := captureValues(state, m, text)
	if len(values) == 0 {
		values = append(values, lua.LString(text[start:end]))
	}
	return values
}

// replaced is what a table or function made of the match; false and nil keep it.
func replaced(state *lua.LState, value lua.LValue, match string) string {
	if lua.LVIsFalse(value) {
		return match
	}
	text, ok := arg.ToText(value)
	if !ok {
		stack.Fail(state, "invalid replacement value (a %s)", value.Type())
	}
	return text
}

// expand puts the match for %0 and captures for %1 to %9; % before anything else stands for that.
func (l *Library) expand(state *lua.LState, template string, m *pattern.Matcher, text string, start, end int) string {
	if strings.IndexByte(template, '%') < 0 {
		return template
	}
	var captures []lua.LValue
	result := l.text(state)
	for i := 0; i < len(template); i++ {
		c := template[i]
		if c != '%' || i+1 == len(template) {
			result.writeByte(c)
			continue
		}
		i++
		switch c = template[i]; {
		case c == '0':
			result.write(text[start:end])
		case '1' <= c && c <= '9':
			if captures == nil {
				captures = capturesOrWhole(state, m, text, start, end)
			}
			if int(c-'1') >= len(captures) {
				stack.Fail(state, "invalid capture index")
			}
			piece, _ := arg.ToText(captures[c-'1'])
			result.write(piece)
		default:
			result.writeByte(c)
		}
	}
	return string(result.value())
}
