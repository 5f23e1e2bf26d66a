// Package results is the end of a run, and what its record shows of it: the table of results, the box of totals, what
// failed and why, and what to type next. It writes lines, and knows no terminal.
package results
