package lower

import (
	"fmt"
	"slices"

	"github.com/yuin/gopher-lua/ast"
)

// assignment evaluates the parts of targets, then the values, then assigns from the last target to the first, as
// the reference does.
func (r *rewriter) assignment(s *ast.AssignStmt) ast.Stmt {
	r.all(s.Lhs)
	r.all(s.Rhs)
	if r.options.Off == Assignments {
		return s
	}
	if len(s.Lhs) == 1 && len(s.Rhs) == 1 {
		return r.singleAssignment(s)
	}
	statements, targets := r.targets(s)
	names := temporaries(len(targets))
	statements = append(statements, locals(s, names, s.Rhs...))
	for i := len(targets) - 1; i >= 0; i-- {
		statements = append(statements, assign(s.Lhs[i], targets[i], name(s.Lhs[i], names[i])))
	}
	return do(s, statements...)
}

func (r *rewriter) singleAssignment(s *ast.AssignStmt) ast.Stmt {
	switch value := s.Rhs[0].(type) {
	case *ast.FuncCallExpr:
		// One value is taken all the same, in a register of its own.
		value.AdjustRet = false
	case *ast.Comma3Expr:
		value.AdjustRet = false
	case *ast.LogicalOpExpr:
		if target, ok := s.Lhs[0].(*ast.IdentExpr); ok && r.resolve(target.Value, target.Line()) == local {
			return do(s, locals(s, []string{".1"}, value), assign(s, target, name(s, ".1")))
		}
	}
	if target, ok := s.Lhs[0].(*ast.AttrGetExpr); ok && !inRegister(target.Object) {
		object := name(target, ".object")
		return do(s, locals(s, []string{".object"}, target.Object), assign(s, at(&ast.AttrGetExpr{Object: object, Key: target.Key}, target), s.Rhs[0]))
	}
	return s
}

// inRegister reports whether the compiler has a register for the value: it has none for constants.
func inRegister(object ast.Expr) bool {
	switch object.(type) {
	case *ast.IdentExpr, *ast.AttrGetExpr, *ast.FuncCallExpr:
		return true
	}
	return false
}

// targets returns statements that evaluate what the targets are made of, and targets that stay the same whatever is
// assigned meanwhile.
func (r *rewriter) targets(s *ast.AssignStmt) ([]ast.Stmt, []ast.Expr) {
	assigned := make(map[string]bool)
	for _, target := range s.Lhs {
		if ident, ok := target.(*ast.IdentExpr); ok {
			assigned[ident.Value] = true
		}
	}
	var names []string
	var values []ast.Expr
	kept := func(e ast.Expr) ast.Expr {
		names = append(names, fmt.Sprintf(".part%d", len(names)+1))
		values = append(values, single(e))
		return name(e, names[len(names)-1])
	}
	targets := slices.Clone(s.Lhs)
	for i, target := range targets {
		field, ok := target.(*ast.AttrGetExpr)
		if !ok {
			continue
		}
		object, key := field.Object, field.Key
		if !r.unassignedLocal(object, assigned) {
			object = kept(object)
		}
		if !isConstant(key) && !r.unassignedLocal(key, assigned) {
			key = kept(key)
		}
		targets[i] = at(&ast.AttrGetExpr{Object: object, Key: key}, field)
	}
	if names == nil {
		return nil, targets
	}
	return []ast.Stmt{locals(s, names, values...)}, targets
}

// unassignedLocal reports whether an expression is a local variable that is none of those assigned: the reference,
// too, reads its register as late as it stores.
func (r *rewriter) unassignedLocal(e ast.Expr, assigned map[string]bool) bool {
	ident, ok := e.(*ast.IdentExpr)
	return ok && !assigned[ident.Value] && r.resolve(ident.Value, ident.Line()) == local
}

func isConstant(e ast.Expr) bool {
	switch e.(type) {
	case *ast.StringExpr, *ast.NumberExpr, *ast.TrueExpr, *ast.FalseExpr, *ast.NilExpr:
		return true
	}
	return false
}

// temporaries are names of hidden locals.
func temporaries(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf(".%d", i+1)
	}
	return names
}
