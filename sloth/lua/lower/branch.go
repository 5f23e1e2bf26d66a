package lower

import "github.com/yuin/gopher-lua/ast"

// branch keeps only what can be reached.
func (r *rewriter) branch(s *ast.IfStmt) []ast.Stmt {
	truth := r.test(&s.Condition)
	s.Then, s.Else = r.scope(s.Then), r.scope(s.Else)
	switch truth {
	case always:
		return one(do(s, s.Then...))
	case never:
		return one(do(s, s.Else...))
	}
	return one(s)
}

// leave is a break. It must not be a jump that a jump backwards leads to.
func (r *rewriter) leave(s *ast.BreakStmt) []ast.Stmt {
	l := r.function.loop
	if l == nil {
		r.fail(s.Line(), "no loop to break")
		return nil
	}
	for b := r.function.block; b != l.body; b = b.parent {
		l.left = append(l.left, b)
	}
	if r.options.Off == Jumps {
		return one(s)
	}
	return []ast.Stmt{nothing(s), s}
}

// jump is a goto, which Lua 5.1 does not have.
func (r *rewriter) jump(s *ast.GotoStmt) []ast.Stmt {
	if r.options.Off == GotoClosures {
		return one(s)
	}
	return one(do(s, append(captured(s), s)...))
}
