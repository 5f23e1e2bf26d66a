package names

import "github.com/yuin/gopher-lua/ast"

// maxDepth is how deep code may be nested: deeper code is not looked at.
const maxDepth = 500

// walker goes through a chunk and notes what is done with names.
type walker struct {
	library Library
	scope   *scope
	// visible counts the local variables of a name that are seen from here; seen has all of the chunk.
	visible map[string]int
	seen    map[string]bool
	// globals are the global variables, fields what stands behind those of them that are tables of the library, as
	// "table.field".
	globals, fields usage
	// tables are the fields of tables of the library.
	tables map[string]map[string]bool
	// calls are those of functions of the library.
	calls []call
	// dynamic says that the chunk may reach globals in a way that is not seen here.
	dynamic bool
	depth   int
	// mayFail counts the enclosing pieces of code that are meant to fail, perhaps.
	mayFail int
}

// usage is what is done with variables.
type usage struct {
	assigned, read map[string]bool
	// failing are the lines where nil would be an error.
	failing map[string][]int
}

func newUsage() usage {
	return usage{assigned: map[string]bool{}, read: map[string]bool{}, failing: map[string][]int{}}
}

func newWalker(library Library) *walker {
	return &walker{
		library: library, globals: newUsage(), fields: newUsage(), tables: map[string]map[string]bool{},
		visible: map[string]int{}, seen: map[string]bool{},
	}
}

func (w *walker) statements(statements []ast.Stmt) {
	for _, statement := range statements {
		w.statement(statement)
	}
}

// block goes through statements in a scope of their own, where the names are declared.
func (w *walker) block(statements []ast.Stmt, names ...string) {
	w.enter()
	w.declare(names...)
	w.statements(statements)
	w.leave()
}

func (w *walker) statement(statement ast.Stmt) {
	if !w.deeper() {
		return
	}
	defer w.higher()
	switch s := statement.(type) {
	case *ast.AssignStmt:
		w.all(s.Rhs)
		for _, target := range s.Lhs {
			w.use(target, assigned)
		}
	case *ast.LocalAssignStmt:
		w.local(s)
	case *ast.FuncCallStmt:
		w.expression(s.Expr)
	case *ast.DoBlockStmt:
		w.block(s.Stmts)
	case *ast.WhileStmt:
		w.expression(s.Condition)
		w.block(s.Stmts)
	case *ast.RepeatStmt:
		w.enter()
		w.statements(s.Stmts)
		w.expression(s.Condition)
		w.leave()
	case *ast.IfStmt:
		w.expression(s.Condition)
		w.block(s.Then)
		w.block(s.Else)
	case *ast.NumberForStmt:
		w.all([]ast.Expr{s.Init, s.Limit, s.Step})
		w.block(s.Stmts, s.Name)
	case *ast.GenericForStmt:
		w.all(s.Exprs)
		w.block(s.Stmts, s.Names...)
	case *ast.FuncDefStmt:
		w.definition(s)
	case *ast.ReturnStmt:
		w.all(s.Exprs)
	}
}

// local declares its names behind its expressions, but a local function, which has a last line, sees itself.
func (w *walker) local(s *ast.LocalAssignStmt) {
	if s.LastLine() != 0 {
		w.declare(s.Names...)
		w.all(s.Exprs)
		return
	}
	w.all(s.Exprs)
	w.declare(s.Names...)
}

func (w *walker) definition(s *ast.FuncDefStmt) {
	if s.Name.Receiver == nil {
		w.use(s.Name.Func, assigned)
		w.function(s.Func)
		return
	}
	w.field(s.Name.Receiver, s.Name.Method, s.Line(), assigned)
	w.function(s.Func, "self")
}

func (w *walker) function(f *ast.FunctionExpr, names ...string) {
	names = append(names, f.ParList.Names...)
	if f.ParList.HasVargs {
		names = append(names, "arg") // the table of Lua 5.0, which 5.1 still has
	}
	w.block(f.Stmts, names...)
}
