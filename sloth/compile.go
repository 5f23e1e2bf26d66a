package sloth

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
	"sloth-runner/sloth/lua/names"
	"sloth-runner/sloth/lua/scan"
)

// chunk is source text, compiled.
type chunk struct {
	// proto is a function that takes the functions that rewritten code calls and returns that of the source.
	proto *lua.FunctionProto
	// operands are the names of the operands of each '..'.
	operands [][]string
	layout   layout
	// mistakes are names that are nowhere defined.
	mistakes []names.Mistake
}

// describe names an operand of a '..', or returns "".
func (c *chunk) describe(place, operand int) string {
	if place < 0 || place >= len(c.operands) || operand < 0 || operand >= len(c.operands[place]) {
		return ""
	}
	return c.operands[place][operand]
}

// compile parses and compiles source. Its time and memory are bounded by the size of the source alone; it can't be
// interrupted. library is what the chunk finds, for names that it and the chunk lack; nil: these are not looked for. off is a
// rewriting that is left out; "" is none.
func compile(name string, source []byte, library names.Library, off lower.Rule) (result *chunk, err error) {
	if len(source) > MaxSource {
		return nil, Problems{{File: name, Message: fmt.Sprintf("the file is larger than %d KiB", MaxSource>>10)}}
	}
	// gopher-lua has panics of its own for trees that it does not expect.
	defer func() {
		if recover() != nil {
			result, err = nil, Problems{{File: name, Message: "the source can't be compiled"}}
		}
	}()
	scanned, err := scan.Source(source, parseNumber)
	if err != nil {
		return nil, Problems{syntaxProblem(name, source, err)}
	}
	statements, err := parse.Parse(bytes.NewReader(scanned), name)
	if err != nil {
		return nil, Problems{syntaxProblem(name, source, err)}
	}
	result = &chunk{layout: newLayout(statements)}
	if library != nil {
		result.mistakes = names.Check(statements, library)
	}
	rewritten, err := lower.Rewrite(statements, lower.Options{ParseNumber: parseNumber, Off: off})
	if err != nil {
		return nil, Problems{syntaxProblem(name, source, err)}
	}
	result.operands = rewritten.Operands
	result.proto, err = lua.Compile(wrapped(rewritten.Statements, lineCount(source)), name)
	if err != nil {
		return nil, Problems{syntaxProblem(name, source, err)}
	}
	return result, nil
}

// text is a file's source without what may come before it: a byte order mark, and a first line for the system's loader.
func text(source []byte) []byte {
	source = bytes.TrimPrefix(source, []byte("\uFEFF"))
	if bytes.HasPrefix(source, []byte("#")) {
		if end := bytes.IndexByte(source, '\n'); end >= 0 {
			return source[end:]
		}
		return nil
	}
	return source
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

// syntaxProblem words an error of the parser or compiler.
func syntaxProblem(name string, source []byte, err error) Problem {
	var syntax *parse.Error
	var compiling *lua.CompileError
	var scanning *scan.Error
	var lowering *lower.Error
	switch {
	case errors.As(err, &syntax):
		return parseProblem(name, source, syntax)
	case errors.As(err, &scanning):
		return Problem{File: name, Line: scanning.Line, Message: "syntax error: " + scanning.Message}
	case errors.As(err, &lowering):
		return Problem{File: name, Line: lowering.Line, Message: lowering.Message}
	case errors.As(err, &compiling):
		return Problem{File: name, Line: compiling.Line, Message: compiling.Message}
	default:
		return Problem{File: name, Message: "the source can't be compiled"}
	}
}

func parseProblem(name string, source []byte, err *parse.Error) Problem {
	if err.Pos.Line < 1 {
		last := lineCount(bytes.TrimRight(source, " \t\r\n"))
		return Problem{File: name, Line: last, Message: "syntax error: unexpected end of the file"}
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
	return Problem{File: name, Line: err.Pos.Line, Message: fmt.Sprintf("syntax error near '%s'%s", near, message)}
}
