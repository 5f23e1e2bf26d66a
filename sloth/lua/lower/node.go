package lower

import "github.com/yuin/gopher-lua/ast"

// The constructors of nodes give each the lines of the one that it replaces, for error messages.

func at[N ast.PositionHolder](node N, source ast.PositionHolder) N {
	node.SetLine(source.Line())
	node.SetLastLine(source.LastLine())
	return node
}

func name(source ast.PositionHolder, text string) ast.Expr {
	return at(&ast.IdentExpr{Value: text}, source)
}

func call(source ast.PositionHolder, function string, arguments ...ast.Expr) *ast.FuncCallExpr {
	return at(&ast.FuncCallExpr{Func: name(source, function), Args: arguments, AdjustRet: true}, source)
}

func number(source ast.PositionHolder, text string) ast.Expr {
	return at(&ast.NumberExpr{Value: text}, source)
}

func locals(source ast.PositionHolder, names []string, values ...ast.Expr) ast.Stmt {
	if values == nil {
		values = []ast.Expr{}
	}
	// A last line would make it a local function.
	statement := &ast.LocalAssignStmt{Names: names, Exprs: values}
	statement.SetLine(source.Line())
	return statement
}

func assign(source ast.PositionHolder, target, value ast.Expr) ast.Stmt {
	return at(&ast.AssignStmt{Lhs: []ast.Expr{target}, Rhs: []ast.Expr{value}}, source)
}

func do(source ast.PositionHolder, statements ...ast.Stmt) ast.Stmt {
	return at(&ast.DoBlockStmt{Stmts: statements}, source)
}

// nothing is a statement whose code is one instruction without effect.
func nothing(source ast.PositionHolder) ast.Stmt {
	return do(source, locals(source, []string{".nothing"}))
}

// captured is a variable with a closure that uses it, so that the compiler closes the variables of the block where
// its scope ends. The closure is never made.
func captured(source ast.PositionHolder) []ast.Stmt {
	const variable = ".captured"
	closure := at(&ast.FunctionExpr{
		ParList: &ast.ParList{Names: []string{}},
		Stmts:   []ast.Stmt{at(&ast.ReturnStmt{Exprs: []ast.Expr{name(source, variable)}}, source)},
	}, source)
	return []ast.Stmt{
		locals(source, []string{variable}),
		at(&ast.IfStmt{
			Condition: name(source, variable),
			Then:      []ast.Stmt{locals(source, []string{".closure"}, closure, at(&ast.NilExpr{}, source))},
		}, source),
	}
}

// single marks an expression as one value, also where it is a call or "..." and the last of a list.
func single(expression ast.Expr) ast.Expr {
	switch e := expression.(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = true
	case *ast.Comma3Expr:
		e.AdjustRet = true
	}
	return expression
}

// multiple reports whether an expression may have any number of values.
func multiple(expression ast.Expr) bool {
	switch e := expression.(type) {
	case *ast.FuncCallExpr:
		return !e.AdjustRet
	case *ast.Comma3Expr:
		return !e.AdjustRet
	}
	return false
}
