package library

import (
	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/stack"
)

// Concat returns the function behind the operator '..', which checks the length of its result before it is made.
// Its first argument is the number of the place in the source, for describe, which names one of the operands
// ("field 'output'") or returns ""; the others are the operands.
func (l *Library) Concat(describe func(place, operand int) string) lua.LGFunction {
	return func(state *lua.LState) int {
		if joined, ok := l.join(state); ok {
			state.Push(joined)
			return 1
		}
		place := int(lua.LVAsNumber(state.Get(1)))
		// From right to left, as the operator associates; metamethods see the intermediate values.
		right := state.Get(state.GetTop())
		for i := state.GetTop() - 1; i >= 2; i-- {
			left := state.Get(i)
			a, isText := arg.ToText(left)
			if b, both := arg.ToText(right); isText && both {
				l.reserve(state, len(a)+len(b))
				right = lua.LString(a + b)
				continue
			}
			right = concatMeta(state, left, right, func(rightIsWrong bool) string {
				if rightIsWrong {
					return describe(place, i-1)
				}
				return describe(place, i-2)
			})
		}
		state.Push(right)
		return 1
	}
}

// join concatenates operands that are all strings and numbers.
func (l *Library) join(state *lua.LState) (lua.LString, bool) {
	top, total := state.GetTop(), 0
	for i := 2; i <= top; i++ {
		switch operand := state.Get(i).(type) {
		case lua.LString:
			total += len(operand)
		case lua.LNumber:
			total += arg.LongestNumber
		default:
			return "", false
		}
	}
	result := l.text(state)
	result.grow(total)
	for i := 2; i <= top; i++ {
		piece, _ := arg.ToText(state.Get(i))
		result.write(piece)
	}
	return result.value(), true
}

func concatMeta(state *lua.LState, left, right lua.LValue, describe func(rightIsWrong bool) string) lua.LValue {
	for _, operand := range []lua.LValue{left, right} {
		if method, ok := state.GetMetaField(operand, "__concat").(*lua.LFunction); ok {
			state.Push(method)
			state.Push(left)
			state.Push(right)
			state.Call(2, 1)
			result := state.Get(-1)
			state.Pop(1)
			return result
		}
	}
	wrong, rightIsWrong := left, lua.LVCanConvToString(left)
	if rightIsWrong {
		wrong = right
	}
	what := "a " + wrong.Type().String() + " value"
	if name := describe(rightIsWrong); name != "" {
		what = name + " (" + what + ")"
	}
	stack.Fail(state, "attempt to concatenate %s", what)
	return lua.LNil
}
