package sloth

import (
	"slices"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// definitions is the global variable that a file defines.
const definitions = "TaskDefinitions"

// layout is where the source defines its tasks, as far as that can be seen without running it: in literal tables
// that are assigned to TaskDefinitions, or to a field of it, at the top level.
type layout struct {
	// line of the last assignment to TaskDefinitions; 0: none is seen.
	line int
	// groups are those that are literal tables, keys the lines of all that have a literal name.
	groups map[string]*literal
	keys   map[string]int
	// local is the line of a local variable TaskDefinitions; 0: there is none.
	local int
	// repeated are keys that a literal has twice, of which Lua drops the first without a word.
	repeated []repetition
}

// repetition is a key that stands twice in a literal.
type repetition struct {
	key         string
	group       bool
	line, first int
}

// literal is a table as it is written.
type literal struct {
	line   int
	fields map[string]field
	items  []item
}

// field is a value with a constant name.
type field struct {
	line int
	item
}

// item is a value as it is written, as far as it is constant: at most one of these is set.
type item struct {
	text  *string
	table *literal
	// function is the line where a function begins.
	function int
}

func newLayout(statements []ast.Stmt) layout {
	l := layout{groups: make(map[string]*literal), keys: make(map[string]int)}
	for _, statement := range statements {
		switch s := statement.(type) {
		case *ast.AssignStmt:
			if len(s.Lhs) == 1 && len(s.Rhs) == 1 {
				l.assign(s.Lhs[0], s.Rhs[0])
			}
		case *ast.LocalAssignStmt:
			if slices.Contains(s.Names, definitions) {
				l.local = s.Line()
			}
		}
	}
	return l
}

func (l *layout) assign(to, value ast.Expr) {
	table, isTable := value.(*ast.TableExpr)
	switch target := to.(type) {
	case *ast.IdentExpr:
		if target.Value != definitions {
			return
		}
		l.line = to.Line()
		clear(l.groups)
		clear(l.keys)
		l.repeated = nil
		if isTable {
			l.define(table)
		}
	case *ast.AttrGetExpr:
		object, isIdent := target.Object.(*ast.IdentExpr)
		key, isText := target.Key.(*ast.StringExpr)
		if !isIdent || !isText || object.Value != definitions {
			return
		}
		delete(l.groups, key.Value)
		l.keys[key.Value] = to.Line()
		if isTable {
			l.groups[key.Value] = l.literal(table, to.Line())
		}
	}
}

func (l *layout) define(table *ast.TableExpr) {
	first := make(map[string]int)
	for _, entry := range table.Fields {
		key, ok := entry.Key.(*ast.StringExpr)
		if !ok {
			continue
		}
		l.note(first, key, true)
		delete(l.groups, key.Value)
		l.keys[key.Value] = key.Line()
		if group, ok := entry.Value.(*ast.TableExpr); ok {
			l.groups[key.Value] = l.literal(group, key.Line())
		}
	}
}

// note remembers a key, and that it was there before.
func (l *layout) note(first map[string]int, key *ast.StringExpr, group bool) {
	if line, ok := first[key.Value]; ok {
		l.repeated = append(l.repeated, repetition{key.Value, group, key.Line(), line})
		return
	}
	first[key.Value] = key.Line()
}

func (l *layout) literal(table *ast.TableExpr, line int) *literal {
	result := &literal{line: line, fields: make(map[string]field)}
	first := make(map[string]int)
	for _, entry := range table.Fields {
		if entry.Key == nil {
			result.items = append(result.items, l.item(entry.Value))
			continue
		}
		if key, ok := entry.Key.(*ast.StringExpr); ok {
			l.note(first, key, false)
			result.fields[key.Value] = field{key.Line(), l.item(entry.Value)}
		}
	}
	return result
}

func (l *layout) item(value ast.Expr) item {
	switch e := value.(type) {
	case *ast.StringExpr:
		return item{text: &e.Value}
	case *ast.FunctionExpr:
		return item{function: e.Line()}
	case *ast.TableExpr:
		return item{table: l.literal(e, e.Line())}
	default:
		return item{}
	}
}

// groupLine returns the line of a group's name, or that of TaskDefinitions when it is not seen.
func (l *layout) groupLine(name string) int {
	if line, ok := l.keys[name]; ok {
		return line
	}
	return l.line
}

// at returns the line of a field, or that of the table when the field is not seen. A nil literal has the line
// otherwise.
func (l *literal) at(name string, otherwise int) int {
	if l == nil {
		return otherwise
	}
	if f, ok := l.fields[name]; ok && f.line > 0 {
		return f.line
	}
	return l.line
}

// element returns the literal that is the nth item, from 1, of the list in a field, if the list is literal.
func (l *literal) element(name string, n int) *literal {
	if l == nil {
		return nil
	}
	list := l.fields[name].table
	if list == nil || n > len(list.items) {
		return nil
	}
	return list.items[n-1].table
}

// describes reports whether the literal may have made the table: whatever is constant in it is so in the table.
func (l *literal) describes(table *lua.LTable) bool {
	if l == nil {
		return false
	}
	for name, written := range l.fields {
		switch value := table.RawGetString(name); {
		case written.text != nil:
			if value != lua.LString(*written.text) {
				return false
			}
		case written.function > 0:
			function, ok := value.(*lua.LFunction)
			if !ok || function.IsG || function.Proto.LineDefined != written.function {
				return false
			}
		case written.table != nil:
			if _, ok := value.(*lua.LTable); !ok {
				return false
			}
		}
	}
	return true
}
