package lower

import (
	"strconv"

	"github.com/yuin/gopher-lua/ast"
)

const (
	// portion is how many items gopher-lua stores at once (FieldsPerFlush).
	portion = 50
	// maxItems is how many items one constructor may have: the number of the portion has 9 bits.
	maxItems = 500 * portion
	// maxParts is how many tables one call joins; each takes two registers.
	maxParts = 40
)

// table rewrites a constructor. gopher-lua stores a full portion again when fields or a call follow it.
func (r *rewriter) table(e *ast.TableExpr) ast.Expr {
	for _, field := range e.Fields {
		r.replace(&field.Key)
		r.replace(&field.Value)
		if field.Key != nil && r.options.Off != Constructors {
			// The compiler would take all values of a call at the end for items.
			single(field.Value)
		}
	}
	if r.options.Off == Constructors || !needsParts(e.Fields) {
		return e
	}
	r.resolve(Join, e.Line())
	parts := split(e)
	for len(parts) > maxParts {
		first := parts[:maxParts]
		parts = append([]part{{count(first), joinCall(e, first)}}, parts[maxParts:]...)
	}
	return joinCall(e, parts)
}

// needsParts reports whether a full portion is followed by something else than items, or there are too many.
func needsParts(fields []*ast.Field) bool {
	items := 0
	for i, field := range fields {
		open := field.Key == nil && i == len(fields)-1 && multiple(field.Value)
		if items >= portion && (field.Key != nil || open) {
			return true
		}
		if field.Key == nil {
			items++
		}
	}
	return items > maxItems
}

// kind says what a field is.
type kind int

const (
	item kind = iota
	// named is a field with a constant name, keyed one with any other key.
	named
	keyed
)

func kindOf(field *ast.Field) kind {
	if field.Key == nil {
		return item
	}
	if _, isName := field.Key.(*ast.StringExpr); isName {
		return named
	}
	return keyed
}

// part is a constructor that is a part of a larger one. items is how many items it has, 0 for one of named fields, -1 for
// one that has a key and its value, which may be nil and replace an item.
type part struct {
	items int
	table ast.Expr
}

// split cuts a constructor into parts, in the order of its fields.
func split(e *ast.TableExpr) []part {
	var parts []part
	for rest := e.Fields; len(rest) > 0; {
		n := runLength(rest)
		if n < len(rest) {
			single(rest[n-1].Value)
		}
		parts = append(parts, newPart(e, rest[:n:n]))
		rest = rest[n:]
	}
	return parts
}

// runLength is how many of the fields belong into one part.
func runLength(fields []*ast.Field) int {
	first := kindOf(fields[0])
	if first == keyed {
		return 1
	}
	n := 1
	for n < len(fields) && n < maxItems && kindOf(fields[n]) == first {
		n++
	}
	// A call at the end, with any number of values, stands alone.
	if n > 1 && n == len(fields) && first == item && multiple(fields[n-1].Value) {
		n--
	}
	return n
}

func newPart(e *ast.TableExpr, fields []*ast.Field) part {
	items := 0
	switch kindOf(fields[0]) {
	case item:
		items = len(fields)
	case keyed:
		items = -1
		fields = []*ast.Field{{Value: fields[0].Key}, {Value: fields[0].Value}}
	}
	return part{items, at(&ast.TableExpr{Fields: fields}, e)}
}

func count(parts []part) int {
	items := 0
	for _, p := range parts {
		items += max(p.items, 0)
	}
	return items
}

func joinCall(e *ast.TableExpr, parts []part) ast.Expr {
	arguments := make([]ast.Expr, 0, 2*len(parts))
	for _, p := range parts {
		arguments = append(arguments, number(e, strconv.Itoa(p.items)), p.table)
	}
	return call(e, Join, arguments...)
}
