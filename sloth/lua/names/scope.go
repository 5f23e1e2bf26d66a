package names

import (
	"slices"

	"github.com/yuin/gopher-lua/ast"
)

// scope is where local variables are seen.
type scope struct {
	outer *scope
	names []string
}

func (w *walker) enter() { w.scope = &scope{outer: w.scope} }

func (w *walker) leave() {
	for _, name := range w.scope.names {
		w.visible[name]--
	}
	w.scope = w.scope.outer
}

func (w *walker) declare(names ...string) {
	w.scope.names = append(w.scope.names, names...)
	for _, name := range names {
		w.visible[name]++
		w.seen[name] = true
	}
}

func (w *walker) isLocal(name string) bool { return w.visible[name] > 0 }

// deeper reports whether code is not nested too deep to be looked at; what was not seen may define anything.
func (w *walker) deeper() bool {
	w.depth++
	if w.depth > maxDepth {
		w.dynamic = true
		w.depth--
		return false
	}
	return true
}

func (w *walker) higher() { w.depth-- }

// byText are the globals that reach others by their names.
var byText = map[string]bool{
	"_G": true, "setfenv": true, "getfenv": true, "load": true, "loadstring": true, "loadfile": true, "dofile": true, "require": true,
	"module": true, "debug": true, "package": true,
}

// variable notes what is done with a global variable.
func (w *walker) variable(e *ast.IdentExpr, why purpose) {
	name := e.Value
	if w.isLocal(name) {
		return
	}
	w.dynamic = w.dynamic || byText[name]
	if name == "getmetatable" {
		w.globals.read["string"] = true // it is in the metatable of every string
	}
	w.globals.note(name, e.Line(), why, w.mayFail > 0 || w.library.Has(name))
}

// field notes what is done with a named field of an object.
func (w *walker) field(object ast.Expr, name string, line int, why purpose) {
	w.needed(object)
	table, ok := object.(*ast.IdentExpr)
	if !ok || w.isLocal(table.Value) || !w.library.Has(table.Value) {
		return
	}
	fields := w.fieldsOf(table.Value)
	if fields != nil {
		w.fields.note(table.Value+"."+name, line, why, w.mayFail > 0 || fields[name])
	}
}

// fieldsOf are the fields of a table of the library; nil: it is none.
func (w *walker) fieldsOf(table string) map[string]bool {
	fields, ok := w.tables[table]
	if ok {
		return fields
	}
	if names := w.library.Fields(table); names != nil {
		fields = make(map[string]bool, len(names))
		for _, name := range names {
			fields[name] = true
		}
	}
	w.tables[table] = fields
	return fields
}

// note notes what is done with a variable on a line; fine says that it can't be a mistake there.
func (u usage) note(name string, line int, why purpose, fine bool) {
	switch {
	case why == assigned:
		u.assigned[name] = true
	case why == read:
		u.read[name] = true
	case fine || len(u.failing[name]) >= most || slices.Contains(u.failing[name], line):
	default:
		u.failing[name] = append(u.failing[name], line)
	}
}
