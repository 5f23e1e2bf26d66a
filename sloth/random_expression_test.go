package sloth

import (
	"fmt"
	"strings"
)

// list is a list of expressions.
func (g *programmer) list(least, most int) string {
	n := least + g.rand.IntN(most-least+1)
	items := make([]string, n)
	for i := range items {
		items[i] = g.expression()
	}
	if n > 0 && g.vararg && g.chance(20) {
		items[n-1] = "..."
	}
	return strings.Join(items, ", ")
}

func (g *programmer) constant() string {
	return g.pick("true", "false", "nil", "1", `"s"`, "not nil", "not 1", "false or nil", "true and false", "nil and g1", "1 or g1", "(false)", "not not false")
}

func (g *programmer) test() string {
	if g.chance(25) {
		return g.constant()
	}
	a, b := g.expression(), g.expression()
	return g.pick(
		a+" == "+b, a+" ~= "+b, "num("+a+") < num("+b+")", "str("+a+") >= str("+b+")", "num("+a+") <= num("+b+")", "num("+a+") > num("+b+")",
		"not "+g.variable(), g.variable(), g.logical(), "not ("+g.logical()+")", g.constant()+" or "+g.variable(), g.variable()+" and "+g.constant(),
		"not ("+g.variable()+" and "+g.constant()+")", "("+g.constant()+" and "+g.variable()+") or "+g.test0(),
	)
}

func (g *programmer) test0() string { return g.pick("true", "false", "g3", "p1 == 4", "not g3") }

func (g *programmer) logical() string {
	a, b, c := g.small(), g.small(), g.small()
	return g.pick(a+" and "+b, a+" or "+b, "("+a+" or "+b+") and "+c, a+" and "+b+" or "+c, "("+a+" and "+b+") or "+c, a+" or "+b+" and "+c,
		a+" == "+b+" and "+c, a+" and "+b+" == "+c, "not "+a+" or "+b, "("+a+" == "+b+" or "+c+") and "+a, a+" and ("+b+" or "+c+")",
		"not ("+a+" and "+b+") and "+c, a+" or "+b+" == "+c, "("+a+" and "+b+" or "+c+") and ("+b+" or "+c+")")
}

// small is an expression without operators.
func (g *programmer) small() string {
	if g.chance(60) {
		return g.variable()
	}
	return g.pick("1", "2", "nil", "false", "true", `"a"`, "gt.x", "pt[1]", g.call())
}

func (g *programmer) call() string {
	return g.pick("fun("+g.variable()+")("+g.variable()+")", "select(2, "+g.variable()+", "+g.variable()+")", "fields(gt)",
		"(function(...) return ... end)("+g.variable()+", 2)", "str("+g.variable()+"):rep(2)", "num("+g.variable()+")",
		"set(function(v) p1 = v end, "+g.variable()+")", "tab("+g.variable()+").x", "type("+g.variable()+")")
}

func (g *programmer) expression() string {
	g.depth++
	defer func() { g.depth-- }()
	if g.depth > 7 {
		return g.small()
	}
	switch g.rand.IntN(16) {
	case 0, 1, 2:
		return g.small()
	case 3, 4:
		return fmt.Sprintf("num(%s) %s num(%s)", g.expression(), g.pick("+", "-", "*", "%"), g.small())
	case 5:
		return fmt.Sprintf("str(%s) .. %s", g.expression(), g.pick(`"-"`, "1", "str("+g.small()+")", `"a" .. str(`+g.small()+`) .. "b"`))
	case 6, 7:
		return g.logical()
	case 8:
		return g.small() + g.pick(" == ", " ~= ") + g.small()
	case 9:
		return g.pick("not ", "not not ") + g.small()
	case 10:
		return "(" + g.call() + ")"
	case 11:
		return g.call()
	case 12:
		return g.table()
	case 13:
		body := g.pick("return "+g.variable()+", 1", g.variable0()+" = a return a, "+g.variable(), "a = (a) return a", "return ...", "return (...)", "local b = "+g.variable()+" a = (type(a)) return b, a")
		return "(function(a, ...) " + body + " end)"
	case 14:
		return fmt.Sprintf("#%s", g.pick("{ 5, 6, 7 }", "{ "+g.variable()+" and 1 or 2, 2 }", "str("+g.variable()+")"))
	default:
		return fmt.Sprintf("-num(%s) ^ 2 / 4", g.small())
	}
}

func (g *programmer) table() string {
	switch g.rand.IntN(12) {
	case 0:
		// gopher-lua flushes fifty items at a time.
		n := g.pick("49", "50", "51", "100", "101")
		count := 0
		_, _ = fmt.Sscan(n, &count)
		items := strings.Repeat("0, ", count-1) + g.small()
		return "{ " + items + g.pick("", ", x = "+g.small(), ", x = "+g.call()+", y = 2", ", "+g.call(), ", x = 1, "+g.call(), ", [1] = "+g.call()+", 7") + " }"
	case 1:
		return "{ " + g.small() + ", x = " + g.small() + ", " + g.call() + " }"
	case 2:
		return "{ [" + g.pick("1", `"y"`, "num("+g.variable()+")") + "] = " + g.small() + " }"
	default:
		return "{ x = " + g.small() + ", " + g.small() + ", y = " + g.call() + " }"
	}
}
