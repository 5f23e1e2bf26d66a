package lower

import "github.com/yuin/gopher-lua/ast"

// loopBody rewrites the body of a loop, in whose scope the names are. inside, if any, is rewritten in that scope too.
func (r *rewriter) loopBody(source ast.PositionHolder, statements []ast.Stmt, names []string, inside func()) []ast.Stmt {
	r.enterBlock()
	r.declare(names...)
	l := &loop{parent: r.function.loop, body: r.function.block}
	r.function.loop = l
	statements = r.block(statements)
	if inside != nil {
		inside()
	}
	r.function.loop = l.parent
	r.leaveBlock()
	for _, b := range l.left {
		if b.captured && r.options.Off != BreakClosures {
			return append(captured(source), statements...)
		}
	}
	return statements
}

func (r *rewriter) while(s *ast.WhileStmt) []ast.Stmt {
	truth := r.test(&s.Condition)
	s.Stmts = r.loopBody(s, s.Stmts, nil, nil)
	if truth == never {
		return nil
	}
	s.Stmts = r.begin(s, s.Stmts)
	return one(s)
}

func (r *rewriter) repeat(s *ast.RepeatStmt) {
	s.Stmts = r.loopBody(s, s.Stmts, nil, func() { r.test(&s.Condition) })
	s.Stmts = r.begin(s, s.Stmts)
}

// begin gives an empty body an instruction: else the loop begins with its own jump.
func (r *rewriter) begin(source ast.PositionHolder, statements []ast.Stmt) []ast.Stmt {
	if len(statements) == 0 && r.options.Off != Jumps {
		return one(nothing(source))
	}
	return statements
}

func (r *rewriter) numericFor(s *ast.NumberForStmt) {
	for i, bound := range []*ast.Expr{&s.Init, &s.Limit, &s.Step} {
		r.replace(bound)
		if *bound != nil && r.options.Off != NumericFor && !isNumber(*bound) {
			r.resolve(Bound, s.Line())
			*bound = call(s, Bound, *bound, number(s, string(rune('1'+i))))
		}
	}
	s.Stmts = r.loopBody(s, s.Stmts, []string{s.Name}, nil)
}

// isNumber reports whether an expression has no other value than a number.
func isNumber(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.NumberExpr, *ast.UnaryLenOpExpr:
		return true
	case *ast.UnaryMinusOpExpr:
		return isNumber(e.Expr)
	case *ast.ArithmeticOpExpr:
		return isNumber(e.Lhs) && isNumber(e.Rhs)
	}
	return false
}

func (r *rewriter) genericFor(s *ast.GenericForStmt) ast.Stmt {
	r.all(s.Exprs)
	var before []ast.Stmt
	if r.options.Off != GenericFor && !isPlainCall(s.Exprs) {
		state := temporaries(3)
		before = one(locals(s, state, s.Exprs...))
		s.Exprs = []ast.Expr{name(s, state[0]), name(s, state[1]), name(s, state[2])}
	}
	s.Stmts = r.loopBody(s, s.Stmts, s.Names, nil)
	if before == nil {
		return s
	}
	return do(s, append(before, s)...)
}

// isPlainCall reports whether the expressions are one call of a function that a name or names of fields say. That
// the compiler gets right, and it is what most loops have.
func isPlainCall(expressions []ast.Expr) bool {
	if len(expressions) != 1 || !multiple(expressions[0]) {
		return false
	}
	call, ok := expressions[0].(*ast.FuncCallExpr)
	return ok && (call.Func != nil && isPath(call.Func) || call.Receiver != nil && isPath(call.Receiver))
}

func isPath(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.IdentExpr:
		return true
	case *ast.AttrGetExpr:
		_, isName := e.Key.(*ast.StringExpr)
		return isName && isPath(e.Object)
	}
	return false
}
