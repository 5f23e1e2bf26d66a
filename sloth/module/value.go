package module

import "strings"

// Values between Lua and Go are nil, bool, float64, string, a [Table], a [List], an [Unknown], and a [Callback]. Everything else
// that Lua has (coroutines, files, tables with odd keys) is [Opaque].

// Table is a Lua table with names as keys.
type Table map[string]any

// List is a Lua table whose keys are 1, 2, 3 and so on.
type List []any

// Unknown stands for a value that Go does not know. Lua code that reads it fails with the reason.
type Unknown struct{ Why string }

// Open is a table of which some values may not be known: reading a name that is not in it fails with the reason.
type Open struct {
	Table
	Why string
}

// Callback is a Lua function. It may be called until Run returns, from the goroutine of Run. Its error is the Lua error.
type Callback func(arguments ...any) ([]any, error)

// Opaque is a Lua value that has no meaning in Go.
type Opaque struct {
	Kind string
	// Why says more of it in messages, behind "a table"; it may be empty.
	Why string
}

// Arguments are those of a call, counted from 0.
type Arguments interface {
	// Len is how many there are, trailing nil included.
	Len() int
	// Value returns an argument; nil beyond the last.
	Value(n int) any
	// Printed returns the arguments from n on as print writes them: by tostring, with tabs between them. What is behind
	// MaxPrinted bytes may be absent.
	Printed(n int) string
}

// MaxPrinted bounds what Printed has to be, in bytes.
const MaxPrinted = 256 << 10

// KindName names a value's type with its article, for "must be a string, not a table".
func KindName(value any) string {
	switch value := value.(type) {
	case nil:
		return "nil"
	case bool:
		return "a boolean"
	case float64:
		return "a number"
	case string:
		return "a string"
	case Callback:
		return "a function"
	case Table, List:
		return "a table"
	case Self:
		return KindName(value.Value)
	case Opaque:
		return strings.TrimSpace("a " + value.Kind + " " + value.Why)
	default:
		return "an unknown value"
	}
}

// Summary is the first sentence of a documentation.
func Summary(doc string) string {
	if end := strings.Index(doc, ". "); end >= 0 {
		return doc[:end+1]
	}
	return doc
}
