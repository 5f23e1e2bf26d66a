package scan

// calls finds calls whose arguments begin on another line than the function ends. It follows which tokens may end the
// expression of a function: a name, a bracket that closes an index or arguments, and a string as an argument.
type calls struct {
	// callable says that the last token may end the expression of a function, and line where it stands.
	callable bool
	line     int
	// declaring says that names are declared and not used: behind 'local', 'function' and 'for'.
	declaring bool
	// open has, for each open bracket, whether what it closes may be called.
	open []bool
}

// keywords are those that are no value of an expression.
var keywords = map[string]bool{
	"and": true, "break": true, "do": true, "else": true, "elseif": true, "end": true, "false": true, "for": true, "function": true,
	"goto": true, "if": true, "in": true, "local": true, "nil": true, "not": true, "or": true, "repeat": true, "return": true, "then": true,
	"true": true, "until": true, "while": true,
}

func (c *calls) name(name string, line int) {
	switch {
	case name == "local" || name == "function" || name == "for" || name == "goto":
		c.callable, c.declaring = false, true
	case keywords[name]:
		c.callable, c.declaring = false, false
	default:
		c.callable, c.line = !c.declaring, line
	}
}

// other is a token that can't be called.
func (c *calls) other() { c.callable = false }

// text is a string, which ends on a line. As an argument it may be followed by further arguments.
func (c *calls) text(line int) { c.line = line }

// symbol reports whether the symbol begins arguments on another line than the function.
func (c *calls) symbol(symbol byte, line int) (ambiguous bool) {
	switch symbol {
	case '(', '{', '[':
		ambiguous = symbol == '(' && c.callable && line != c.line
		// A parenthesised expression can be called, and so can what a call or an index gives; a table can't.
		c.open = append(c.open, symbol == '(' && !c.declaring || c.callable)
		c.callable, c.declaring = false, false
	case ')', '}', ']':
		c.callable, c.line = c.close(), line
	case '.', ':', ',':
		// A declaration goes on: names of a list, or of a function in a table.
		c.callable = false
	default:
		c.callable, c.declaring = false, false
	}
	return ambiguous
}

func (c *calls) close() bool {
	if len(c.open) == 0 {
		return false
	}
	callable := c.open[len(c.open)-1]
	c.open = c.open[:len(c.open)-1]
	return callable
}
