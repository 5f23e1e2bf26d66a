package vm

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/lower"
	"sloth-runner/sloth/lua/scan"
)

// Chunk is source text, compiled.
type Chunk struct {
	// proto is a function that takes the functions that rewritten code calls and returns that of the source.
	proto *lua.FunctionProto
	// operands are the names of the operands of each '..'.
	operands [][]string
}

// Error is why source text is no program.
type Error struct {
	File string
	// Line of the file, from 1; 0: of the file as a whole.
	Line    int
	Message string
}

// Error gives "file:line: message".
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
}

// describe names an operand of a '..', or returns "".
func (c *Chunk) describe(place, operand int) string {
	if place < 0 || place >= len(c.operands) || operand < 0 || operand >= len(c.operands[place]) {
		return ""
	}
	return c.operands[place][operand]
}

// compile parses and compiles source. Its time and memory are bounded by the size of the source alone; it can't be
// interrupted. inspect, if it is not nil, sees the statements before they are rewritten. off is a rewriting that is left out; ""
// is none.
func compile(name string, source []byte, inspect func([]ast.Stmt), off lower.Rule) (result *Chunk, err error) {
	if len(source) > MaxSource {
		return nil, &Error{File: name, Message: fmt.Sprintf("the file is larger than %d KiB", MaxSource>>10)}
	}
	// gopher-lua has panics of its own for trees that it does not expect.
	defer func() {
		if recover() != nil {
			result, err = nil, &Error{File: name, Message: "the source can't be compiled"}
		}
	}()
	scanned, err := scan.Source(source, parseNumber)
	if err != nil {
		return nil, syntaxError(name, source, err)
	}
	statements, err := parse.Parse(bytes.NewReader(scanned), name)
	if err != nil {
		return nil, syntaxError(name, source, err)
	}
	if inspect != nil {
		inspect(statements)
	}
	rewritten, err := lower.Rewrite(statements, lower.Options{ParseNumber: parseNumber, Off: off})
	if err != nil {
		return nil, syntaxError(name, source, err)
	}
	result = &Chunk{operands: rewritten.Operands}
	result.proto, err = lua.Compile(wrapped(rewritten.Statements, lineCount(source)), name)
	if err != nil {
		return nil, syntaxError(name, source, err)
	}
	return result, nil
}

// wrapped makes the functions that rewritten code calls variables around it, and gives Lua 5.1's main chunk its
// variable arg, which is nil:
//
//	local .concat, .bound, .join = ...
//	return function(...) arg = nil statements end
func wrapped(statements []ast.Stmt, lines int) []ast.Stmt {
	noArg := &ast.AssignStmt{Lhs: []ast.Expr{&ast.IdentExpr{Value: "arg"}}, Rhs: []ast.Expr{&ast.NilExpr{}}}
	body := &ast.FunctionExpr{ParList: &ast.ParList{HasVargs: true}, Stmts: append([]ast.Stmt{noArg}, statements...)}
	body.SetLine(1)
	body.SetLastLine(lines)
	return []ast.Stmt{
		&ast.LocalAssignStmt{Names: []string{lower.Concat, lower.Bound, lower.Join}, Exprs: []ast.Expr{&ast.Comma3Expr{}}},
		&ast.ReturnStmt{Exprs: []ast.Expr{body}},
	}
}

func parseNumber(text string) (float64, bool) {
	number, ok := arg.ParseNumber(text)
	return float64(number), ok
}

func lineCount(source []byte) int { return bytes.Count(source, []byte("\n")) + 1 }

// syntaxError words an error of the parser or compiler.
func syntaxError(name string, source []byte, err error) *Error {
	var syntax *parse.Error
	var compiling *lua.CompileError
	var scanning *scan.Error
	var lowering *lower.Error
	switch {
	case errors.As(err, &syntax):
		return parseError(name, source, syntax)
	case errors.As(err, &scanning):
		return &Error{File: name, Line: scanning.Line, Message: "syntax error: " + scanning.Message}
	case errors.As(err, &lowering):
		return &Error{File: name, Line: lowering.Line, Message: lowering.Message}
	case errors.As(err, &compiling):
		return &Error{File: name, Line: compiling.Line, Message: compiling.Message}
	default:
		return &Error{File: name, Message: "the source can't be compiled"}
	}
}

func parseError(name string, source []byte, err *parse.Error) *Error {
	if err.Pos.Line < 1 {
		last := lineCount(bytes.TrimRight(source, " \t\r\n"))
		return &Error{File: name, Line: last, Message: "syntax error: unexpected end of the file"}
	}
	message := strings.TrimPrefix(err.Message, "syntax error")
	message = strings.TrimLeft(message, ": ")
	if message != "" {
		message = ": " + message
	}
	near := strings.ToValidUTF8(err.Token, "\uFFFD")
	if utf8.RuneCountInString(near) > 30 {
		near = string([]rune(near)[:30]) + "..."
	}
	return &Error{File: name, Line: err.Pos.Line, Message: fmt.Sprintf("syntax error near '%s'%s", near, message)}
}
