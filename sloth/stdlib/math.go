package stdlib

import (
	"math/rand/v2"

	lua "github.com/yuin/gopher-lua"
)

// openMath defines the module math. Random numbers are of this machine alone: gopher-lua's come from a generator
// that the whole process shares.
func (l *Library) openMath(state *lua.LState) {
	standard(state, lua.OpenMath)
	source := rand.NewPCG(rand.Uint64(), rand.Uint64())
	numbers := rand.New(source)
	l.module(state, "math",
		function{"random", func(state *lua.LState) int {
			state.Push(random(state, numbers))
			return 1
		}},
		function{"randomseed", func(state *lua.LState) int {
			source.Seed(uint64(state.CheckInt64(1)), 0)
			return 0
		}},
	)
}

// random is math.random([m [, n]]): a fraction below 1, or an integer from 1 to m, or from m to n.
func random(state *lua.LState, numbers *rand.Rand) lua.LNumber {
	low, high := int64(1), int64(0)
	switch state.GetTop() {
	case 0:
		return lua.LNumber(numbers.Float64())
	case 1:
		high = state.CheckInt64(1)
	default:
		low, high = state.CheckInt64(1), state.CheckInt64(2)
	}
	if low > high || high-low < 0 || high-low+1 <= 0 {
		state.ArgError(state.GetTop(), "interval is empty")
	}
	return lua.LNumber(low + numbers.Int64N(high-low+1))
}
