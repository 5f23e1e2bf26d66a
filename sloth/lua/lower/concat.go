package lower

import (
	"fmt"

	"github.com/yuin/gopher-lua/ast"
)

// Names of the functions that rewritten code calls.
const (
	// Concat joins its arguments but the first, which is the number of the place.
	Concat = ".concat"
	// Bound converts its first argument, the bound of a numeric for, to a number. The second says which bound it is: 1 is
	// the initial value, 2 the limit, 3 the step.
	Bound = ".bound"
	// Join makes one table of several. For each there are two arguments: how many items it has, and the table. The items
	// of a table come behind those of the ones before. 0 is for one of named fields, -1 for a list of a key and its value.
	Join = ".join"
)

// maxOperands is how many operands one call takes; each needs a register, of which there are 200.
const maxOperands = 50

// concat turns a .. b .. c into one call. gopher-lua's own operator allocates whatever its operands ask for, and a few
// of them in a row ask for more than any machine has.
func (r *rewriter) concat(e *ast.StringConcatOpExpr) ast.Expr {
	operands := []ast.Expr{e.Lhs}
	right := e.Rhs
	for {
		chain, ok := right.(*ast.StringConcatOpExpr)
		if !ok {
			break
		}
		operands = append(operands, chain.Lhs)
		right = chain.Rhs
	}
	operands = append(operands, right)
	names := make([]string, len(operands))
	for i, operand := range operands {
		names[i] = operandName(operand)
	}
	r.all(operands)
	r.resolve(Concat, e.Line())
	for len(operands) > maxOperands {
		operands, names = r.grouped(e, operands), nil
	}
	return r.concatCall(e, operands, names)
}

// grouped concatenates runs of operands, so that fewer are left.
func (r *rewriter) grouped(e ast.Expr, operands []ast.Expr) []ast.Expr {
	var groups []ast.Expr
	for len(operands) > 0 {
		n := min(maxOperands, len(operands))
		groups = append(groups, r.concatCall(e, operands[:n:n], nil))
		operands = operands[n:]
	}
	return groups
}

func (r *rewriter) concatCall(e ast.Expr, operands []ast.Expr, names []string) ast.Expr {
	// An operand is one value, also the last, which as an argument would be all that a call returns.
	single(operands[len(operands)-1])
	place := number(e, fmt.Sprint(len(r.operands)))
	r.operands = append(r.operands, names)
	return call(e, Concat, append([]ast.Expr{place}, operands...)...)
}

// operandName is how a person finds the operand in the source.
func operandName(operand ast.Expr) string {
	switch e := operand.(type) {
	case *ast.IdentExpr:
		return "variable '" + e.Value + "'"
	case *ast.AttrGetExpr:
		if key, ok := e.Key.(*ast.StringExpr); ok {
			return "field '" + key.Value + "'"
		}
	}
	return ""
}
