package names

import "github.com/yuin/gopher-lua/ast"

// purpose is what an expression is evaluated for.
type purpose int

const (
	// read: nil is a value as others.
	read purpose = iota
	// needed: nil is an error.
	needed
	assigned
)

func (w *walker) all(expressions []ast.Expr) {
	for _, e := range expressions {
		w.expression(e)
	}
}

func (w *walker) needed(expressions ...ast.Expr) {
	for _, e := range expressions {
		w.use(e, needed)
	}
}

func (w *walker) expression(e ast.Expr) { w.use(e, read) }

func (w *walker) use(expression ast.Expr, why purpose) {
	if expression == nil || !w.deeper() {
		return
	}
	defer w.higher()
	switch e := expression.(type) {
	case *ast.IdentExpr:
		w.variable(e, why)
	case *ast.AttrGetExpr:
		if key, ok := e.Key.(*ast.StringExpr); ok {
			w.field(e.Object, key.Value, e.Line(), why)
			return
		}
		w.unnamedField(e)
	case *ast.FuncCallExpr:
		w.call(e)
	case *ast.TableExpr:
		for _, field := range e.Fields {
			w.all([]ast.Expr{field.Key, field.Value})
		}
	case *ast.FunctionExpr:
		w.function(e)
	case *ast.LogicalOpExpr:
		w.all([]ast.Expr{e.Lhs, e.Rhs})
	case *ast.RelationalOpExpr:
		if e.Operator == "==" || e.Operator == "~=" {
			w.all([]ast.Expr{e.Lhs, e.Rhs})
		} else {
			w.needed(e.Lhs, e.Rhs)
		}
	case *ast.StringConcatOpExpr:
		w.needed(e.Lhs, e.Rhs)
	case *ast.ArithmeticOpExpr:
		w.needed(e.Lhs, e.Rhs)
	case *ast.UnaryMinusOpExpr:
		w.needed(e.Expr)
	case *ast.UnaryLenOpExpr:
		w.needed(e.Expr)
	case *ast.UnaryNotOpExpr:
		w.expression(e.Expr)
	}
}

// unnamedField is a field whose name is not in the source: a table of the library may change that way.
func (w *walker) unnamedField(e *ast.AttrGetExpr) {
	if object, ok := e.Object.(*ast.IdentExpr); ok && w.library.Has(object.Value) {
		w.expression(e.Object)
	} else {
		w.needed(e.Object)
	}
	w.expression(e.Key)
}

func (w *walker) call(e *ast.FuncCallExpr) {
	w.noteCall(e)
	if e.Receiver != nil {
		w.field(e.Receiver, e.Method, e.Line(), needed)
	} else {
		w.needed(e.Func)
	}
	if w.mayBeMeantToFail(e.Func) {
		w.mayFail++
		defer func() { w.mayFail-- }()
	}
	w.all(e.Args)
}

// mayBeMeantToFail reports whether a function handles the errors of one that it is given.
func (w *walker) mayBeMeantToFail(function ast.Expr) bool {
	switch e := function.(type) {
	case *ast.IdentExpr:
		return e.Value == "pcall" || e.Value == "xpcall"
	case *ast.AttrGetExpr:
		object, isName := e.Object.(*ast.IdentExpr)
		key, isText := e.Key.(*ast.StringExpr)
		return isName && isText && object.Value == "coroutine" && key.Value == "create"
	}
	return false
}
