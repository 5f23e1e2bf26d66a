package lower

import (
	"math"
	"strconv"

	"github.com/yuin/gopher-lua/ast"
)

// number gives a number the form that gopher-lua reads as the same: its own reader takes a leading 0 for octal, and
// what it can't read for nan.
func (r *rewriter) number(e *ast.NumberExpr) ast.Expr {
	if r.options.Off == Numbers {
		return e
	}
	value, ok := r.options.ParseNumber(e.Value)
	switch {
	case !ok:
		r.fail(e.Line(), "malformed number near '"+e.Value+"'")
	case math.IsInf(value, 0):
		return at(&ast.ArithmeticOpExpr{Operator: "/", Lhs: number(e, "1"), Rhs: number(e, "0")}, e)
	default:
		e.Value = strconv.FormatFloat(value, 'g', -1, 64)
	}
	return e
}
