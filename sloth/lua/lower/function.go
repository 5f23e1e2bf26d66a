package lower

import "github.com/yuin/gopher-lua/ast"

// body rewrites a function's body. implicit are parameters that the source does not name.
func (r *rewriter) body(f *ast.FunctionExpr, implicit ...string) {
	r.enterFunction(f.ParList.HasVargs, append(implicit, f.ParList.Names...)...)
	f.Stmts = r.block(f.Stmts)
	r.leaveFunction()
}

func (r *rewriter) definition(s *ast.FuncDefStmt) {
	if s.Name.Receiver != nil {
		r.replace(&s.Name.Receiver)
		r.body(s.Func, "self")
		return
	}
	r.replace(&s.Name.Func)
	r.body(s.Func)
}

// local declares its names behind its expressions, but a local function sees itself. The parser makes the same node
// of "local f = function() end" and "local function f() end"; only the second has a last line.
func (r *rewriter) local(s *ast.LocalAssignStmt) {
	if isLocalFunction(s) {
		r.declare(s.Names...)
		r.all(s.Exprs)
		return
	}
	r.all(s.Exprs)
	r.declare(s.Names...)
	if len(s.Names) != 1 || len(s.Exprs) != 1 || r.options.Off == LocalFunctions {
		return
	}
	if function, ok := s.Exprs[0].(*ast.FunctionExpr); ok {
		// With a second expression the compiler does not take it for a local function.
		s.Exprs = append(s.Exprs, at(&ast.NilExpr{}, function))
	}
}

func isLocalFunction(s *ast.LocalAssignStmt) bool { return s.LastLine() != 0 }
