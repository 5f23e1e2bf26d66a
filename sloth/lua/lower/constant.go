package lower

import "github.com/yuin/gopher-lua/ast"

// truth is what is known of a condition while compiling.
type truth int

const (
	unknown truth = iota
	always
	never
)

func truthOf(expression ast.Expr) truth {
	switch e := expression.(type) {
	case *ast.TrueExpr, *ast.NumberExpr, *ast.StringExpr:
		return always
	case *ast.FalseExpr, *ast.NilExpr:
		return never
	case *ast.UnaryNotOpExpr:
		switch truthOf(e.Expr) {
		case always:
			return never
		case never:
			return always
		}
	}
	return unknown
}

// logical drops the operands of 'and' and 'or' that can't be reached, and constant ones that decide nothing.
func (r *rewriter) logical(e *ast.LogicalOpExpr) ast.Expr {
	if r.options.Off == Jumps {
		return e
	}
	left := truthOf(e.Lhs)
	switch {
	case left == unknown:
		return e
	case (left == always) == (e.Operator == "and"):
		return single(e.Rhs)
	default:
		return e.Lhs
	}
}

// test simplifies a condition, of which only the truth counts.
func (r *rewriter) test(place *ast.Expr) truth {
	r.replace(place)
	if r.options.Off == Jumps {
		return unknown
	}
	*place = simplified(*place)
	return truthOf(*place)
}

func simplified(condition ast.Expr) ast.Expr {
	switch e := condition.(type) {
	case *ast.UnaryNotOpExpr:
		e.Expr = simplified(e.Expr)
		switch truthOf(e) {
		case always:
			return at(&ast.TrueExpr{}, e)
		case never:
			return at(&ast.FalseExpr{}, e)
		}
	case *ast.LogicalOpExpr:
		e.Lhs, e.Rhs = simplified(e.Lhs), simplified(e.Rhs)
		left, right, and := truthOf(e.Lhs), truthOf(e.Rhs), e.Operator == "and"
		switch {
		case left != unknown && (left == always) == and:
			return e.Rhs
		case left != unknown:
			return e.Lhs
		case right != unknown && (right == always) == and:
			return e.Lhs
		}
	}
	return condition
}
