package sloth

import (
	"fmt"

	"github.com/yuin/gopher-lua/ast"
)

const (
	// maxDepth is how deep expressions and blocks may be nested: the compiler recurses.
	maxDepth = 500
	// maxOperands is how many operands of '..' one call takes; each needs a register, of which there are 200.
	maxOperands = 50
	// concatName is the local variable that has the function behind '..'. No source can write it.
	concatName = ".."
)

// rewriter replaces each '..' by a call of a function that checks the length before it allocates. gopher-lua's own
// operator allocates whatever its operands ask for, and a few of them in a row ask for more than any machine has.
type rewriter struct {
	depth int
	// operands are, for each place of a '..', what its operands are called; "" where they have no name.
	operands [][]string
	err      *nestingError
}

// nestingError says that the source is nested too deep.
type nestingError struct{ line int }

func (e *nestingError) Error() string { return fmt.Sprintf("line %d: nested too deep", e.line) }

func (r *rewriter) enter(line int) bool {
	if r.depth++; r.depth > maxDepth && r.err == nil {
		r.err = &nestingError{line}
	}
	return r.err == nil
}

func (r *rewriter) block(statements []ast.Stmt) {
	for _, statement := range statements {
		r.statement(statement)
	}
}

func (r *rewriter) statement(statement ast.Stmt) {
	defer func() { r.depth-- }()
	if !r.enter(statement.Line()) {
		return
	}
	switch s := statement.(type) {
	case *ast.AssignStmt:
		r.all(s.Lhs)
		r.all(s.Rhs)
	case *ast.LocalAssignStmt:
		r.all(s.Exprs)
	case *ast.FuncCallStmt:
		r.replace(&s.Expr)
	case *ast.DoBlockStmt:
		r.block(s.Stmts)
	case *ast.WhileStmt:
		r.replace(&s.Condition)
		r.block(s.Stmts)
	case *ast.RepeatStmt:
		r.replace(&s.Condition)
		r.block(s.Stmts)
	case *ast.IfStmt:
		r.replace(&s.Condition)
		r.block(s.Then)
		r.block(s.Else)
	case *ast.NumberForStmt:
		r.replace(&s.Init)
		r.replace(&s.Limit)
		r.replace(&s.Step)
		r.block(s.Stmts)
	case *ast.GenericForStmt:
		r.all(s.Exprs)
		r.block(s.Stmts)
	case *ast.FuncDefStmt:
		r.block(s.Func.Stmts)
	case *ast.ReturnStmt:
		r.all(s.Exprs)
	}
}

func (r *rewriter) all(expressions []ast.Expr) {
	for i := range expressions {
		r.replace(&expressions[i])
	}
}

func (r *rewriter) replace(place *ast.Expr) {
	if *place == nil {
		return
	}
	defer func() { r.depth-- }()
	if !r.enter((*place).Line()) {
		return
	}
	switch e := (*place).(type) {
	case *ast.StringConcatOpExpr:
		*place = r.concat(e)
	case *ast.AttrGetExpr:
		r.replace(&e.Object)
		r.replace(&e.Key)
	case *ast.TableExpr:
		for _, field := range e.Fields {
			r.replace(&field.Key)
			r.replace(&field.Value)
		}
	case *ast.FuncCallExpr:
		r.replace(&e.Func)
		r.replace(&e.Receiver)
		r.all(e.Args)
	case *ast.LogicalOpExpr:
		r.replace(&e.Lhs)
		r.replace(&e.Rhs)
	case *ast.RelationalOpExpr:
		r.replace(&e.Lhs)
		r.replace(&e.Rhs)
	case *ast.ArithmeticOpExpr:
		r.replace(&e.Lhs)
		r.replace(&e.Rhs)
	case *ast.UnaryMinusOpExpr:
		r.replace(&e.Expr)
	case *ast.UnaryNotOpExpr:
		r.replace(&e.Expr)
	case *ast.UnaryLenOpExpr:
		r.replace(&e.Expr)
	case *ast.FunctionExpr:
		r.block(e.Stmts)
	}
}

// concat turns a .. b .. c into one call.
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
	for len(operands) > maxOperands {
		operands, names = r.grouped(e, operands), nil
	}
	return r.call(e, operands, names)
}

// grouped concatenates runs of operands, so that fewer are left.
func (r *rewriter) grouped(e ast.Expr, operands []ast.Expr) []ast.Expr {
	var groups []ast.Expr
	for len(operands) > 0 {
		n := min(maxOperands, len(operands))
		groups = append(groups, r.call(e, operands[:n:n], nil))
		operands = operands[n:]
	}
	return groups
}

func (r *rewriter) call(e ast.Expr, operands []ast.Expr, names []string) ast.Expr {
	// An operand is one value, also the last, which as an argument would be all that a call returns.
	switch last := operands[len(operands)-1].(type) {
	case *ast.FuncCallExpr:
		last.AdjustRet = true
	case *ast.Comma3Expr:
		last.AdjustRet = true
	}
	place := &ast.NumberExpr{Value: fmt.Sprint(len(r.operands))}
	r.operands = append(r.operands, names)
	function := &ast.IdentExpr{Value: concatName}
	call := &ast.FuncCallExpr{Func: function, Args: append([]ast.Expr{place}, operands...), AdjustRet: true}
	for _, node := range []ast.Expr{place, function, call} {
		node.SetLine(e.Line())
		node.SetLastLine(e.LastLine())
	}
	return call
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
