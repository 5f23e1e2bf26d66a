package lower

import (
	"fmt"

	"github.com/yuin/gopher-lua/ast"
)

// maxDepth is how deep expressions and blocks may be nested: the compiler recurses.
const maxDepth = 500

// Error says why a chunk can't be compiled.
type Error struct {
	Line    int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// Chunk is a rewritten chunk.
type Chunk struct {
	// Statements belong into a function with "..." that has the functions of [Concat] and [Bound] as variables
	// around it.
	Statements []ast.Stmt
	// Operands are, for each place of a '..', what its operands are called; "" where they have no name. A place is
	// the first argument of the call that replaces the operator.
	Operands [][]string
}

// Options say how to rewrite.
type Options struct {
	// ParseNumber reads a number of the source.
	ParseNumber func(text string) (value float64, ok bool)
	// Off is a rule that is not applied; "" is none.
	Off Rule
}

// Rewrite rewrites the statements of a chunk, which must not be used any more. An error is an *[Error].
func Rewrite(statements []ast.Stmt, options Options) (*Chunk, error) {
	r := &rewriter{options: options}
	r.enterFunction(false, Concat, Bound, Join)
	r.enterFunction(true)
	statements = r.block(statements)
	if r.err != nil {
		return nil, r.err
	}
	return &Chunk{Statements: statements, Operands: r.operands}, nil
}

type rewriter struct {
	options  Options
	depth    int
	function *function
	operands [][]string
	err      *Error
}

func (r *rewriter) fail(line int, message string) {
	if r.err == nil {
		r.err = &Error{line, message}
	}
}

func (r *rewriter) enter(line int) bool {
	if r.depth++; r.depth > maxDepth {
		r.fail(line, "nested too deep")
	}
	return r.err == nil
}

// block rewrites statements of the current scope.
func (r *rewriter) block(statements []ast.Stmt) []ast.Stmt {
	result := make([]ast.Stmt, 0, len(statements))
	for _, statement := range statements {
		result = append(result, r.statement(statement)...)
	}
	return result
}

// scope rewrites statements in a scope of their own.
func (r *rewriter) scope(statements []ast.Stmt) []ast.Stmt {
	r.enterBlock()
	defer r.leaveBlock()
	return r.block(statements)
}

func (r *rewriter) statement(statement ast.Stmt) []ast.Stmt {
	defer func() { r.depth-- }()
	if !r.enter(statement.Line()) {
		return nil
	}
	switch s := statement.(type) {
	case *ast.AssignStmt:
		return one(r.assignment(s))
	case *ast.LocalAssignStmt:
		r.local(s)
	case *ast.FuncCallStmt:
		r.replace(&s.Expr)
	case *ast.DoBlockStmt:
		s.Stmts = r.scope(s.Stmts)
	case *ast.WhileStmt:
		return r.while(s)
	case *ast.RepeatStmt:
		r.repeat(s)
	case *ast.IfStmt:
		return r.branch(s)
	case *ast.NumberForStmt:
		r.numericFor(s)
	case *ast.GenericForStmt:
		return one(r.genericFor(s))
	case *ast.FuncDefStmt:
		r.definition(s)
	case *ast.ReturnStmt:
		r.all(s.Exprs)
	case *ast.BreakStmt:
		return r.leave(s)
	case *ast.GotoStmt:
		return r.jump(s)
	}
	return one(statement)
}

func one(statement ast.Stmt) []ast.Stmt { return []ast.Stmt{statement} }

func (r *rewriter) all(expressions []ast.Expr) {
	for i := range expressions {
		r.replace(&expressions[i])
	}
}

// replace rewrites the expression in a place.
func (r *rewriter) replace(place *ast.Expr) {
	if *place == nil {
		return
	}
	defer func() { r.depth-- }()
	if !r.enter((*place).Line()) {
		return
	}
	switch e := (*place).(type) {
	case *ast.IdentExpr:
		r.resolve(e.Value, e.Line())
	case *ast.NumberExpr:
		*place = r.number(e)
	case *ast.StringConcatOpExpr:
		*place = r.concat(e)
	case *ast.AttrGetExpr:
		r.replace(&e.Object)
		r.replace(&e.Key)
	case *ast.TableExpr:
		*place = r.table(e)
	case *ast.FuncCallExpr:
		r.replace(&e.Func)
		r.replace(&e.Receiver)
		r.all(e.Args)
	case *ast.LogicalOpExpr:
		r.replace(&e.Lhs)
		r.replace(&e.Rhs)
		*place = r.logical(e)
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
	case *ast.Comma3Expr:
		if !r.function.vararg {
			r.fail(e.Line(), "cannot use '...' outside a vararg function")
		}
	case *ast.FunctionExpr:
		r.body(e)
	}
}
