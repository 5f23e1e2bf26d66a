package names

import (
	"github.com/yuin/gopher-lua/ast"

	"sloth-runner/sloth/module"
)

// call is a call of a function in a table of the library.
type call struct {
	table, function string
	// method says that it was called with a colon.
	method    bool
	arguments []ast.Expr
	line      int
}

// noteCall keeps a call for wrongCalls, unless it may be meant to fail.
func (w *walker) noteCall(e *ast.FuncCallExpr) {
	c := call{function: e.Method, method: true, arguments: e.Args, line: e.Line()}
	object := e.Receiver
	if get, ok := e.Func.(*ast.AttrGetExpr); ok && object == nil {
		key, ok := get.Key.(*ast.StringExpr)
		if !ok {
			return
		}
		c.function, c.method, object = key.Value, false, get.Object
	}
	table, ok := object.(*ast.IdentExpr)
	if !ok || w.mayFail > 0 || w.isLocal(table.Value) || !w.fieldsOf(table.Value)[c.function] {
		return
	}
	c.table = table.Value
	w.calls = append(w.calls, c)
}

// wrongCalls are the mistakes in the calls. A table that is assigned, or read as a value, may have other functions than those of
// the library.
func (w *walker) wrongCalls() []Mistake {
	var mistakes []Mistake
	for _, c := range w.calls {
		if w.globals.assigned[c.table] || w.globals.read[c.table] || w.fields.assigned[c.table+"."+c.function] {
			continue
		}
		for _, m := range w.library.Check(c.table, c.function, c.values()) {
			mistakes = append(mistakes, Mistake{c.lineOf(m.Option), m.Message})
		}
		if len(mistakes) >= most {
			break
		}
	}
	return mistakes
}

// lineOf is the line of an option, where it stands in a table of the call; otherwise that of the call.
func (c call) lineOf(option string) int {
	for _, argument := range c.arguments {
		table, ok := argument.(*ast.TableExpr)
		if !ok || option == "" {
			continue
		}
		for _, field := range table.Fields {
			if key, ok := field.Key.(*ast.StringExpr); ok && key.Value == option {
				return key.Line()
			}
		}
	}
	return c.line
}

// values are the arguments as the function would get them.
func (c call) values() arguments {
	values := make([]any, 0, len(c.arguments)+1)
	if c.method {
		values = append(values, module.Self{Value: module.Opaque{Kind: "table"}})
	}
	for _, argument := range c.arguments {
		values = append(values, literal(argument))
	}
	more := len(c.arguments) > 0 && isMultiple(c.arguments[len(c.arguments)-1])
	return arguments{values, more}
}

// arguments are those of a call that is not made.
type arguments struct {
	values []any
	// more says that there may be others behind them.
	more bool
}

var _ module.Arguments = arguments{}

// Len implements module.Arguments.
func (a arguments) Len() int { return len(a.values) }

// Value implements module.Arguments.
func (a arguments) Value(n int) any {
	switch {
	case n < len(a.values):
		return a.values[n]
	case a.more:
		return module.Unseen{}
	}
	return nil
}

// Printed implements module.Arguments.
func (arguments) Printed(int) string { return "" }
