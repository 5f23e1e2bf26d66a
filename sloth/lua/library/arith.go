package library

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/stack"
)

// operator is one of arithmetic, by the name of its metamethod.
type operator struct {
	event string
	apply func(a, b float64) float64
}

var arithmetic = []operator{
	{"__add", func(a, b float64) float64 { return a + b }},
	{"__sub", func(a, b float64) float64 { return a - b }},
	{"__mul", func(a, b float64) float64 { return a * b }},
	{"__div", func(a, b float64) float64 { return a / b }},
	{"__mod", modulo},
	{"__pow", math.Pow},
}

// openArithmetic makes operators take texts as numbers. gopher-lua looks for metamethods before it converts an operand, in
// a way of its own (as Go reads literals), so that those of strings replace it. Numbers don't pass here.
func openArithmetic(state *lua.LState, metatable *lua.LTable) {
	for _, operator := range arithmetic {
		metatable.RawSetString(operator.event, state.NewFunction(operator.operate))
	}
	metatable.RawSetString("__unm", state.NewFunction(func(state *lua.LState) int {
		number, ok := arg.ToNumber(state.Get(1))
		if !ok {
			notArithmetic(state, state.Get(1))
		}
		state.Push(-number)
		return 1
	}))
}

// operate applies the operator to its operands, of which one is no number.
func (o operator) operate(state *lua.LState) int {
	left, right := state.Get(1), state.Get(2)
	a, ok := arg.ToNumber(left)
	if b, both := arg.ToNumber(right); ok && both {
		state.Push(lua.LNumber(o.apply(float64(a), float64(b))))
		return 1
	}
	return otherArithmetic(state, o.event, left, right)
}

// otherArithmetic is for operands that are not both numbers: the metamethod of a table may take them.
func otherArithmetic(state *lua.LState, event string, left, right lua.LValue) int {
	for _, operand := range []lua.LValue{left, right} {
		if operand.Type() != lua.LTTable && operand.Type() != lua.LTUserData {
			continue
		}
		if method := state.GetMetaField(operand, event); method != lua.LNil {
			state.Push(method)
			state.Push(left)
			state.Push(right)
			state.Call(2, 1)
			return 1
		}
	}
	if _, ok := arg.ToNumber(left); ok {
		notArithmetic(state, right)
	}
	notArithmetic(state, left)
	return 0
}

func notArithmetic(state *lua.LState, value lua.LValue) {
	stack.Fail(state, "attempt to perform arithmetic on a %s value", value.Type())
}

// modulo is a - floor(a/b)*b without the rounding of its steps.
func modulo(a, b float64) float64 {
	rest := math.Mod(a, b)
	if b > 0 && rest < 0 || b < 0 && rest > 0 {
		rest += b
	}
	return rest
}
