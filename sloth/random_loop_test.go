package sloth

import (
	"fmt"
	"strings"
)

// loop writes the body of a loop. Its first statement may be one that the compiler turns into a jump.
func (g *programmer) loop(body func()) {
	g.scope(func() {
		g.loops++
		switch g.rand.IntN(8) {
		case 0:
			g.line("if %s then %s = %s end", g.constant(), g.variable0(), g.expression())
		case 1:
			g.line("if %s then local %s = %s end", g.test(), "unused", g.expression())
		case 2:
			g.line("if %s then break end", g.constant())
		case 3:
			g.line("if %s then local kept = %s fs = function() kept = kept == 1 return kept end break end", g.test(), g.expression())
		}
		body()
		g.block(1 + g.rand.IntN(3))
		if g.chance(8) {
			g.line("break")
		}
		g.loops--
	})
}

// variable0 is a variable that may be overwritten by anything.
func (g *programmer) variable0() string {
	if name := g.variable(); name != "pt" && name != "gt" {
		return name
	}
	return "g3"
}

func (g *programmer) while() {
	g.count++
	counter := fmt.Sprintf("w%d", g.count)
	g.line("local %s = 0", counter)
	first := g.chance(50)
	condition := g.pick("true", "1", "not false", fmt.Sprintf("%s < %d", counter, g.rand.IntN(5)), g.test())
	g.line("while %s do", condition)
	g.loop(func() {
		if first {
			g.line("tick()")
		}
		g.line("%s = %s + 1", counter, counter)
		g.line("if %s > %d then break end", counter, 1+g.rand.IntN(4))
	})
	g.line("end")
	if g.chance(15) {
		g.line("while %s do put(\"never\") end", g.pick("false", "nil", "not true", "false and g1"))
	}
}

func (g *programmer) repeatUntil() {
	g.count++
	counter := fmt.Sprintf("r%d", g.count)
	g.line("local %s = 0", counter)
	g.line("repeat")
	g.scope(func() {
		g.loops++
		g.line("tick()")
		g.line("%s = %s + 1", counter, counter)
		g.block(1 + g.rand.IntN(3))
		g.loops--
		// The condition sees the locals of the body.
		g.indent--
		g.line("until %s > %d or %s", counter, g.rand.IntN(4), g.test())
		g.indent++
	})
}

func (g *programmer) numericFor() {
	name := g.fresh()
	bounds := g.pick("1, 3", "3, 1, -1", "1, 0", "0, 1, 0.25", "-2, 2, 2", "1, num("+g.variable()+") % 4",
		"num("+g.variable()+") % 3, 3", `"1", "02"`, "1, 2 + 1, 4 - 2", "#{ 1 }, 2")
	g.line("for %s = %s do", name, bounds)
	g.loop(func() {
		g.locals = append(g.locals, name)
		g.line("tick()")
	})
	g.line("end")
}

func (g *programmer) genericFor() {
	a, b := g.fresh(), g.fresh()
	list := "{ " + g.list(1, 5) + " }"
	names := g.pick(a, a+", "+b, a+", "+b+", v0", a+", "+b+", v0, v00")
	iterator := g.pick(
		"ipairs("+list+")",
		"next, { "+g.expression()+" }",
		"(next), ({ x = "+g.expression()+" })",
		"pairs({ y = "+g.expression()+" })",
		"next, { 1 }, nil",
		"function(s, c) if c < s then return c + 1, s end end, 3, 0",
		"(function() local n = 0 return function() n = n + 1 if n < 4 then return n, n * 2, n * 3 end end end)()",
		"(function() return ipairs({ 8, 9 }) end)()",
	)
	g.line("for %s in %s do", names, iterator)
	g.loop(func() {
		g.locals = append(g.locals, strings.Split(names, ", ")...)
		g.line("tick()")
	})
	g.line("end")
}
