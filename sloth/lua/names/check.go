package names

import (
	"cmp"
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"

	"sloth-runner/internal/closest"
	"sloth-runner/sloth/module"
)

// Library is what a chunk finds when it is run.
type Library interface {
	// Has reports whether there is a global of the name; Names returns all of them.
	Has(name string) bool
	Names() []string
	// Fields are the names in a global table; nil: it is no table.
	Fields(table string) []string
	// Check returns what is wrong in a call of a function in a global table.
	Check(table, function string, arguments module.Arguments) []module.Mistake
}

// Mistake is a name that is nowhere defined, or what is wrong in a call.
type Mistake struct {
	Line    int
	Message string
}

// most is how many mistakes are looked for, and mostKnown how many names each is compared with.
const (
	most      = 100
	mostKnown = 10_000
)

// Check returns the mistakes in a chunk, by their lines.
func Check(statements []ast.Stmt, library Library) []Mistake {
	w := newWalker(library)
	w.enter()
	w.statements(statements)
	if w.dynamic {
		return nil
	}
	mistakes := append(w.unknownNames(), w.wrongCalls()...)
	slices.SortStableFunc(mistakes, func(a, b Mistake) int { return cmp.Compare(a.Line, b.Line) })
	return mistakes[:min(len(mistakes), most)]
}

func (w *walker) unknownNames() []Mistake {
	places := w.places()
	if len(places) == 0 {
		return nil
	}
	known := w.known()
	var mistakes []Mistake
	for _, p := range places {
		if message := w.message(p, known); message != "" {
			mistakes = append(mistakes, Mistake{p.line, message})
		}
	}
	return mistakes
}

// place is where an unknown name stands; field is "" where it is that of a global.
type place struct {
	line        int
	name, field string
}

// places are the first places of unknown names.
func (w *walker) places() []place {
	var places []place
	for name, lines := range w.globals.failing {
		if !w.globals.assigned[name] && !w.globals.read[name] {
			for _, line := range lines {
				places = append(places, place{line, name, ""})
			}
		}
	}
	for path, lines := range w.fields.failing {
		table, field, _ := strings.Cut(path, ".")
		// A table that is assigned or read may have got the field elsewhere.
		if !w.globals.assigned[table] && !w.globals.read[table] && !w.fields.assigned[path] && !w.fields.read[path] {
			for _, line := range lines {
				places = append(places, place{line, table, field})
			}
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.name, b.name), cmp.Compare(a.field, b.field))
	})
	return places[:min(len(places), most)]
}

// known are the names that may have been meant.
func (w *walker) known() []string {
	known := w.library.Names()
	for _, names := range []map[string]bool{w.globals.assigned, w.seen} {
		for name := range names {
			if len(known) >= mostKnown {
				break
			}
			known = append(known, name)
		}
	}
	slices.Sort(known)
	return slices.Compact(known)
}

// message says what is wrong; "" for a global that resembles no other name: no mistyped one, it may be for code that is only
// reached where it is there.
func (w *walker) message(p place, known []string) string {
	if p.field != "" {
		return unknownField(p.name, p.field, w.library.Fields(p.name))
	}
	text := "unknown name " + quoted(p.name)
	if w.seen[p.name] {
		return text + ": a local variable of this name can't be seen from here"
	}
	if match := near(p.name, known); match != "" {
		return text + ", did you mean " + quoted(match) + "?"
	}
	return ""
}

func unknownField(table, field string, fields []string) string {
	const few = 8
	text := "unknown field " + quoted(field) + " in " + table
	switch match := near(field, fields); {
	case match != "":
		text += ", did you mean " + quoted(match) + "?"
	case len(fields) <= few:
		text += ", which has " + strings.Join(fields, ", ")
	}
	return text
}

// near is the closest name, or else the longest of those that begin the word, as "warn" does with "warning", or the first
// that it begins.
func near(word string, known []string) string {
	if match := closest.Match(word, known); match != "" {
		return match
	}
	const shortest = 3
	best := ""
	for _, name := range known {
		if len(name) >= shortest && len(name) > len(best) && strings.HasPrefix(word, name) {
			best = name
		}
	}
	if best == "" && len(word) >= shortest {
		for _, name := range known {
			if strings.HasPrefix(name, word) {
				return name
			}
		}
	}
	return best
}

func quoted(name string) string { return "'" + name + "'" }
