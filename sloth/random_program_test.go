package sloth

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// randomProgram returns a Lua 5.1 program that always ends, made from a seed. It uses what the compiler has to get
// right: locals, upvalues, globals and fields, multiple assignment, every kind of loop, constant conditions, break,
// closures, varargs, recursion, and large tables. It passes what it computes to put.
func randomProgram(seed uint64) string {
	g := &programmer{rand: rand.New(rand.NewPCG(seed, 7)), budget: 60}
	g.line(programStart)
	g.block(4 + g.rand.IntN(8))
	g.line("put(g1, g2, g3, fields(gt))")
	return g.text.String()
}

// programStart are the functions that programs call. tick ends a program that takes too many steps.
const programStart = `
local steps = 0
local function tick() steps = steps + 1 if steps > 3000 then error("too many steps") end end
local function num(v) if type(v) == "number" and v == v and v < 1e6 and v > -1e6 then return v end return 3 end
local function str(v) if type(v) == "string" then return v:sub(1, 20) elseif type(v) == "number" then return tostring(num(v) + 0) end return type(v) end
local function tab(v) if type(v) == "table" then return v end return { x = 1, y = 2, 5, 6 } end
local function fun(v) if type(v) == "function" then return v end return function(...) return ... end end
local function fields(t) return t.x, t.y, t[1], t[2], t[3] end
local function set(f, v) f(v) return v end
g1, g2, g3, gt = 1, "two", nil, { x = 10, y = 20, 30 }
local p1, p2, pt = 4, "five", { x = 6, 7, 8 }
`

type programmer struct {
	rand   *rand.Rand
	text   strings.Builder
	indent int
	// locals are the names in scope, the innermost last.
	locals []string
	count  int
	// loops says how many loops are around within the function, vararg whether it has "...".
	loops  int
	vararg bool
	depth  int
	budget int
}

func (g *programmer) line(format string, args ...any) {
	g.text.WriteString(strings.Repeat("  ", g.indent))
	fmt.Fprintf(&g.text, format+"\n", args...)
}

func (g *programmer) pick(choices ...string) string { return choices[g.rand.IntN(len(choices))] }

func (g *programmer) chance(percent int) bool { return g.rand.IntN(100) < percent }

// fresh returns a name for a local. Now and then it is one that is in scope already, or a global.
func (g *programmer) fresh() string {
	if g.chance(15) {
		return g.pick("g1", "p1", "pt", "p2")
	}
	if len(g.locals) > 0 && g.chance(15) {
		return g.locals[g.rand.IntN(len(g.locals))]
	}
	g.count++
	return fmt.Sprintf("v%d", g.count)
}

// variable returns any variable.
func (g *programmer) variable() string {
	if n := len(g.locals); n > 0 && g.chance(65) {
		// The newest are the most interesting.
		return g.locals[max(0, n-1-g.rand.IntN(min(n, 6)))]
	}
	return g.pick("p1", "p2", "pt", "g1", "g2", "g3", "gt")
}

// scope runs body and forgets the locals that it declared.
func (g *programmer) scope(body func()) {
	before := len(g.locals)
	g.indent++
	g.depth++
	body()
	g.depth--
	g.indent--
	g.locals = g.locals[:before]
}

func (g *programmer) block(statements int) {
	for range statements {
		if g.budget <= 0 {
			break
		}
		g.budget--
		g.statement()
	}
}

func (g *programmer) statement() {
	if g.depth > 5 {
		g.simple()
		return
	}
	switch g.rand.IntN(22) {
	case 0, 1, 2:
		g.simple()
	case 3, 4:
		g.local()
	case 5, 6, 7:
		g.assignment()
	case 8, 9, 10:
		g.condition()
	case 11:
		g.while()
	case 12:
		g.repeatUntil()
	case 13, 14:
		g.numericFor()
	case 15, 16:
		g.genericFor()
	case 17, 18:
		g.function()
	case 19:
		g.closures()
	case 20:
		g.doBlock()
	case 21:
		g.breakOrReturn()
	}
}

func (g *programmer) simple() {
	switch g.rand.IntN(4) {
	case 0:
		g.line("put(%s)", g.list(1, 3))
	case 1:
		g.assignment()
	case 2:
		g.line("fun(%s)(%s)", g.variable(), g.list(0, 3))
	case 3:
		g.local()
	}
}

func (g *programmer) local() {
	names := []string{g.fresh()}
	for g.chance(35) && len(names) < 4 {
		names = append(names, g.fresh())
	}
	if g.chance(12) {
		g.line("local %s", strings.Join(names, ", "))
	} else {
		g.line("local %s = %s", strings.Join(names, ", "), g.list(1, 4))
	}
	g.locals = append(g.locals, names...)
}

func (g *programmer) target() string {
	switch g.rand.IntN(6) {
	case 0:
		return fmt.Sprintf("tab(%s).%s", g.variable(), g.pick("x", "y"))
	case 1:
		return fmt.Sprintf("%s.%s", g.pick("gt", "pt"), g.pick("x", "y"))
	case 2:
		return fmt.Sprintf("%s[%s]", g.pick("gt", "pt"), g.pick("1", "2", "num("+g.variable()+")", "p1 == 4 and 1 or 2"))
	default:
		name := g.variable()
		if name == "gt" || name == "pt" {
			return name + ".x"
		}
		return name
	}
}

func (g *programmer) assignment() {
	targets := []string{g.target()}
	for g.chance(45) && len(targets) < 4 {
		targets = append(targets, g.target())
	}
	switch {
	case len(targets) == 1 && g.chance(20):
		g.line("%s = %s", targets[0], g.logical())
	case len(targets) == 1 && g.chance(20):
		g.line("%s = (%s)", targets[0], g.call())
	default:
		g.line("%s = %s", strings.Join(targets, ", "), g.list(1, 4))
	}
}

func (g *programmer) condition() {
	g.line("if %s then", g.test())
	g.scope(func() { g.block(g.rand.IntN(3)) })
	for g.chance(25) {
		g.line("elseif %s then", g.test())
		g.scope(func() { g.block(g.rand.IntN(3)) })
	}
	if g.chance(45) {
		g.line("else")
		g.scope(func() { g.block(1 + g.rand.IntN(2)) })
	}
	g.line("end")
}

func (g *programmer) doBlock() {
	g.line("do")
	g.scope(func() { g.block(1 + g.rand.IntN(4)) })
	g.line("end")
}

// function defines a function and calls it.
func (g *programmer) function() {
	g.count++
	name := fmt.Sprintf("f%d", g.count)
	parameters := []string{}
	for range g.rand.IntN(4) {
		parameters = append(parameters, fmt.Sprintf("a%d", len(parameters)+1))
	}
	vararg := g.chance(35)
	shown := strings.Join(append(parameters, strings.Fields(map[bool]string{true: "..."}[vararg])...), ", ")
	heads := []string{"local function %s(%s)", "function %s(%s)", "local %s = function(%s)", "function gt.%s(%s)", "function pt:%s(%s)"}
	kind := g.rand.IntN(len(heads))
	g.line(heads[kind], name, shown)
	loops, outer, before := g.loops, g.vararg, len(g.locals)
	g.loops, g.vararg = 0, vararg
	g.scope(func() {
		g.locals = append(g.locals, parameters...)
		if kind == 4 {
			g.locals = append(g.locals, "self")
		}
		g.line("tick()")
		if g.chance(40) && len(parameters) > 0 && kind < 2 {
			g.line("if num(%s) > 0 then return %s, %s(num(%s) %% 3 - 1) end", parameters[0], g.list(1, 2), name, parameters[0])
		}
		g.block(1 + g.rand.IntN(4))
		if g.chance(70) {
			g.line("return %s", g.list(1, 3))
		}
	})
	g.loops, g.vararg, g.locals = loops, outer, g.locals[:before]
	g.line("end")
	call := map[int]string{3: "gt." + name, 4: "pt:" + name}[kind]
	if call == "" {
		call = name
	}
	g.line("put(%s(%s))", call, g.list(0, 4))
}

// closures makes functions that share and keep variables, and calls them later.
func (g *programmer) closures() {
	g.count++
	list := fmt.Sprintf("c%d", g.count)
	g.line("local %s = {}", list)
	g.line("for i = 1, 3 do")
	g.scope(func() {
		g.line("local kept = %s", g.expression())
		if g.chance(50) {
			g.line("if i == %d then local inner = i %s[#%s + 1] = function() inner = inner + 1 return inner, kept end %s end",
				1+g.rand.IntN(3), list, list, g.pick("break", "", "kept = i"))
		}
		g.line("%s[#%s + 1] = function(v) i = i + 1 kept = v or kept return kept, i end", list, list)
		g.block(g.rand.IntN(2))
	})
	g.line("end")
	g.line("for i = 1, #%s do put(%s[i](), %s[i](%s)) end", list, list, list, g.expression())
}

func (g *programmer) breakOrReturn() {
	if g.loops > 0 && g.chance(60) {
		g.line("if %s then %s break end", g.test(), g.pick("", "put(1)", "local last = 1"))
		return
	}
	if g.chance(15) {
		g.line("do return %s end", g.list(0, 3))
		return
	}
	g.line("set(function(v) %s = v end, %s)", g.variable0(), g.expression())
}
