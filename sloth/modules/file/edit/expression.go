package edit

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"sloth-runner/sloth/quote"
)

// Expression is a regular expression, of Go's package regexp (RE2). ^ and $ are the beginning and the end of each line. The zero
// value is none.
type Expression struct {
	text  string
	regex *regexp.Regexp
}

// maxExpression is how long an expression may be, in bytes.
const maxExpression = 16 << 10

// UnmarshalText implements encoding.TextUnmarshaler.
func (e *Expression) UnmarshalText(text []byte) error {
	e.text = string(text)
	switch {
	case e.text == "":
		return errors.New("an expression that is empty is in every line")
	case len(text) > maxExpression:
		return fmt.Errorf("an expression has at most %d bytes", maxExpression)
	}
	if _, err := regexp.Compile(e.text); err != nil {
		return e.explain(err)
	}
	var err error
	e.regex, err = regexp.Compile("(?m)" + e.text)
	return err
}

// explain says what is wrong with an expression, and where.
func (e *Expression) explain(err error) error {
	wrong, ok := errors.AsType[*syntax.Error](err)
	if !ok {
		return err
	}
	place := ""
	if at := strings.Index(e.text, wrong.Expr); at >= 0 && wrong.Expr != e.text {
		place = fmt.Sprintf(" at character %d, %s", len([]rune(e.text[:at]))+1, quote.Text(wrong.Expr))
	}
	return fmt.Errorf("it is no regular expression: %s%s%s", wrong.Code, place, e.lookAround(wrong))
}

// lookAround says what to do about what RE2 does not have.
func (e *Expression) lookAround(wrong *syntax.Error) string {
	switch {
	case wrong.Code == syntax.ErrInvalidPerlOp || wrong.Code == syntax.ErrMissingRepeatArgument:
		return "; expressions are those of RE2, which have no look-ahead and no possessive repetition"
	case wrong.Code == syntax.ErrInvalidEscape && len(wrong.Expr) == 2 && wrong.Expr[1] >= '1' && wrong.Expr[1] <= '9':
		return "; expressions are those of RE2, which have no references to groups"
	}
	return ""
}

// Given reports whether there is an expression.
func (e Expression) Given() bool { return e.regex != nil }

// in reports whether a line has what the expression matches.
func (e Expression) in(line string) bool { return e.regex.MatchString(line) }

// hint says what an expression that does not match may be: one that was written for Lua's own functions, or a string in which
// Lua took the backslashes.
func (e Expression) hint() string {
	at := strings.IndexByte(e.text, '%')
	if at < 0 || at+1 == len(e.text) || strings.IndexByte("acdlpsuwx", e.text[at+1]) < 0 {
		return ""
	}
	class := e.text[at+1 : at+2]
	return fmt.Sprintf(`; %%%s is of Lua's patterns, and this is a regular expression: as \d there, which Lua writes [[\d]]`, class)
}
