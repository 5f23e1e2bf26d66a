package names

import (
	"github.com/yuin/gopher-lua/ast"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/module"
)

// literal is the value of an expression that has the same one each time: a constant, a function, or a table of them. Of a table with
// names the other values are module.Unseen; any other expression is that as a whole.
func literal(expression ast.Expr) any {
	switch e := expression.(type) {
	case *ast.NilExpr:
		return nil
	case *ast.TrueExpr:
		return true
	case *ast.FalseExpr:
		return false
	case *ast.StringExpr:
		return e.Value
	case *ast.NumberExpr:
		return number(e, 1)
	case *ast.UnaryMinusOpExpr:
		if operand, ok := e.Expr.(*ast.NumberExpr); ok {
			return number(operand, -1)
		}
	case *ast.FunctionExpr:
		return module.Callback(func(...any) ([]any, error) { return nil, nil })
	case *ast.TableExpr:
		return table(e)
	}
	return module.Unseen{}
}

func number(e *ast.NumberExpr, sign float64) any {
	value, ok := arg.ParseNumber(e.Value)
	if !ok {
		return module.Unseen{}
	}
	return sign * float64(value)
}

// table is a list of a table without names, and a Table of one with names, as the binding makes them of the table itself.
func table(e *ast.TableExpr) any {
	list, named := module.List{}, module.Table{}
	for _, field := range e.Fields {
		value := literal(field.Value)
		key, isText := field.Key.(*ast.StringExpr)
		switch {
		case field.Key == nil && (value == nil || unseen(value)), field.Key != nil && !isText:
			return module.Unseen{}
		case field.Key == nil:
			list = append(list, value)
		case value == nil:
			delete(named, key.Value)
		case unseen(value):
			named[key.Value] = module.Unseen{}
		default:
			named[key.Value] = value
		}
	}
	switch {
	case len(named) == 0:
		return list
	case len(list) == 0:
		return named
	default:
		return module.Opaque{Kind: "table"}
	}
}

// unseen reports whether a value is not known in full.
func unseen(value any) bool {
	switch value := value.(type) {
	case module.Unseen:
		return true
	case module.Table:
		for _, item := range value {
			if unseen(item) {
				return true
			}
		}
	}
	return false
}

// isMultiple reports whether an expression at the end of a list may have several values.
func isMultiple(expression ast.Expr) bool {
	switch e := expression.(type) {
	case *ast.FuncCallExpr:
		return !e.AdjustRet
	case *ast.Comma3Expr:
		return !e.AdjustRet
	}
	return false
}
