package library

import (
	"math"
	"math/rand/v2"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/define"
	"sloth-runner/sloth/lua/stack"
)

// openMath defines the module math. Random numbers are of this machine alone: gopher-lua's come from a generator
// that the whole process shares.
func (l *Library) openMath(state *lua.LState) {
	source := rand.NewPCG(rand.Uint64(), rand.Uint64())
	numbers := rand.New(source)
	table := define.Table(state, "math",
		function{"abs", one(math.Abs)},
		function{"acos", one(math.Acos)},
		function{"asin", one(math.Asin)},
		function{"atan", one(math.Atan)},
		function{"atan2", two(math.Atan2)},
		function{"ceil", one(math.Ceil)},
		function{"cos", one(math.Cos)},
		function{"cosh", one(math.Cosh)},
		function{"deg", one(func(x float64) float64 { return x / degree() })},
		function{"exp", one(math.Exp)},
		function{"floor", one(math.Floor)},
		function{"fmod", two(math.Mod)},
		function{"frexp", frexp},
		function{"ldexp", ldexp},
		function{"log", one(math.Log)},
		function{"log10", one(log10)},
		function{"max", extreme(func(a, b float64) bool { return a > b })},
		function{"min", extreme(func(a, b float64) bool { return a < b })},
		// The name that fmod had in Lua 5.0.
		function{"mod", two(math.Mod)},
		function{"modf", modf},
		function{"pow", two(math.Pow)},
		function{"rad", one(func(x float64) float64 { return x * degree() })},
		function{"random", func(state *lua.LState) int {
			state.Push(random(state, numbers))
			return 1
		}},
		function{"randomseed", func(state *lua.LState) int {
			source.Seed(uint64(arg.Int(state, 1)), 0)
			return 0
		}},
		function{"sin", one(math.Sin)},
		function{"sinh", one(math.Sinh)},
		function{"sqrt", one(math.Sqrt)},
		function{"tan", one(math.Tan)},
		function{"tanh", one(math.Tanh)},
	)
	table.RawSetString("pi", lua.LNumber(math.Pi))
	table.RawSetString("huge", lua.LNumber(math.Inf(1)))
}

// one makes a function of a number.
func one(f func(float64) float64) lua.LGFunction {
	return func(state *lua.LState) int {
		state.Push(lua.LNumber(f(arg.Number(state, 1))))
		return 1
	}
}

// two makes a function of two numbers. The last one is read first: C's Lua leaves the order to the compiler, and that is the
// one that it has on x86-64.
func two(f func(a, b float64) float64) lua.LGFunction {
	return func(state *lua.LState) int {
		b := arg.Number(state, 2)
		state.Push(lua.LNumber(f(arg.Number(state, 1), b)))
		return 1
	}
}

// extreme makes math.max and math.min: the first argument that no other one beats.
func extreme(beats func(a, b float64) bool) lua.LGFunction {
	return func(state *lua.LState) int {
		best := arg.Number(state, 1)
		for i := 2; i <= state.GetTop(); i++ {
			if number := arg.Number(state, i); beats(number, best) {
				best = number
			}
		}
		state.Push(lua.LNumber(best))
		return 1
	}
}

// degree is in radians, rounded as C does it.
func degree() float64 {
	pi := math.Pi
	return pi / 180
}

// log10 is exact for powers of 10, where Go's is not for all of them.
func log10(x float64) float64 {
	result := math.Log10(x)
	if whole := math.Round(result); whole != result && math.Pow(10, whole) == x {
		return whole
	}
	return result
}

func frexp(state *lua.LState) int {
	fraction, exponent := math.Frexp(arg.Number(state, 1))
	state.Push(lua.LNumber(fraction))
	state.Push(lua.LNumber(exponent))
	return 2
}

func ldexp(state *lua.LState) int {
	exponent := arg.Count(state, 2)
	state.Push(lua.LNumber(math.Ldexp(arg.Number(state, 1), exponent)))
	return 1
}

// modf returns the whole and the other part, both with the number's sign.
func modf(state *lua.LState) int {
	number := arg.Number(state, 1)
	whole := math.Trunc(number)
	rest := number - whole
	if math.IsInf(number, 0) {
		rest = 0
	}
	state.Push(lua.LNumber(whole))
	state.Push(lua.LNumber(math.Copysign(rest, number)))
	return 2
}

// random is math.random([m [, n]]): a fraction below 1, or an integer from 1 to m, or from m to n.
func random(state *lua.LState, numbers *rand.Rand) lua.LNumber {
	low, high := int64(1), int64(0)
	switch state.GetTop() {
	case 0:
		return lua.LNumber(numbers.Float64())
	case 1:
		high = int64(arg.Int(state, 1))
	case 2:
		low, high = int64(arg.Int(state, 1)), int64(arg.Int(state, 2))
	default:
		stack.Fail(state, "wrong number of arguments")
	}
	if low > high || high-low < 0 || high-low+1 <= 0 {
		arg.Fail(state, state.GetTop(), "interval is empty")
	}
	return lua.LNumber(low + numbers.Int64N(high-low+1))
}
