package scan

import (
	"bytes"
	"fmt"
	"strconv"
)

// Error is a mistake in the source.
type Error struct {
	Line    int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// Source returns the source in the form that gopher-lua's scanner reads correctly. parseNumber reads a number. An error
// is an *[Error]. What is wrong otherwise is left to the parser.
func Source(source []byte, parseNumber func(text string) (float64, bool)) ([]byte, error) {
	s := &scanner{source: source, line: 1, parseNumber: parseNumber}
	s.output.Grow(len(source))
	for s.err == nil && s.at < len(source) {
		s.token()
	}
	if s.err != nil {
		return nil, s.err
	}
	return s.output.Bytes(), nil
}

type scanner struct {
	source   []byte
	at, line int
	// newline is the last byte, when it begins the end of a line; else 0.
	newline     byte
	output      bytes.Buffer
	parseNumber func(text string) (float64, bool)
	calls       calls
	err         *Error
}

func (s *scanner) fail(line int, format string, args ...any) {
	if s.err == nil {
		s.err = &Error{line, fmt.Sprintf(format, args...)}
	}
}

// peek returns the byte at a distance, or 0.
func (s *scanner) peek(distance int) byte {
	if s.at+distance < len(s.source) {
		return s.source[s.at+distance]
	}
	return 0
}

// take returns the next n bytes and counts their lines. "\r\n" and "\n\r" are one end of a line.
func (s *scanner) take(n int) []byte {
	text := s.source[s.at : s.at+n]
	for _, c := range text {
		switch {
		case c != '\n' && c != '\r':
			s.newline = 0
		case s.newline != 0 && s.newline != c:
			s.newline = 0
		default:
			s.newline = c
			s.line++
		}
	}
	s.at += n
	return text
}

func (s *scanner) copy(n int) { s.output.Write(s.take(n)) }

// blank replaces the next n bytes, but for ends of lines.
func (s *scanner) blank(n int) {
	for _, c := range s.take(n) {
		if c != '\n' && c != '\r' {
			c = ' '
		}
		s.output.WriteByte(c)
	}
}

func (s *scanner) token() {
	c := s.peek(0)
	switch {
	case c == ' ' || c >= '\t' && c <= '\r':
		s.copy(1)
	case c == '-' && s.peek(1) == '-':
		s.comment()
	case isLetter(c):
		s.name()
	case isDigit(c) || c == '.' && isDigit(s.peek(1)):
		s.number()
	case c == '"' || c == '\'':
		s.text(c)
	case c == '[' && s.longBracket(0) > 0:
		s.long(s.longBracket(0), s.copy)
		s.calls.text(s.line)
	default:
		s.symbol(c)
	}
}

func (s *scanner) symbol(c byte) {
	if s.calls.symbol(c, s.line) {
		s.fail(s.line, "ambiguous syntax (function call x new statement) near '('")
	}
	s.copy(1)
}

func (s *scanner) comment() {
	if n := s.longBracket(2); n > 0 {
		s.blank(2)
		s.long(n, s.blank)
		return
	}
	n := bytes.IndexAny(s.source[s.at:], "\r\n")
	if n < 0 {
		n = len(s.source) - s.at
	}
	s.blank(n)
}

// longBracket returns the length of the opening long bracket at a distance, or 0.
func (s *scanner) longBracket(distance int) int {
	if s.peek(distance) != '[' {
		return 0
	}
	n := 1
	for s.peek(distance+n) == '=' {
		n++
	}
	if s.peek(distance+n) != '[' {
		return 0
	}
	return n + 1
}

// long takes a long string or comment, from its opening bracket of length n.
func (s *scanner) long(n int, take func(n int)) {
	closing := append(append([]byte{']'}, bytes.Repeat([]byte{'='}, n-2)...), ']')
	end := bytes.Index(s.source[s.at+n:], closing)
	if end < 0 {
		s.fail(s.line, "unfinished long string or comment")
		return
	}
	take(n + end + n)
}

func (s *scanner) name() {
	n := 1
	for isLetter(s.peek(n)) || isDigit(s.peek(n)) {
		n++
	}
	s.calls.name(string(s.source[s.at:s.at+n]), s.line)
	s.copy(n)
}

// number takes what Lua's reader takes for a number: also the letters behind it.
func (s *scanner) number() {
	n := 1
	for isDigit(s.peek(n)) || s.peek(n) == '.' {
		n++
	}
	if c := s.peek(n); c == 'e' || c == 'E' {
		if n++; s.peek(n) == '+' || s.peek(n) == '-' {
			n++
		}
	}
	for isLetter(s.peek(n)) || isDigit(s.peek(n)) {
		n++
	}
	text := string(s.take(n))
	s.calls.other()
	value, ok := s.parseNumber(text)
	if !ok {
		s.fail(s.line, "malformed number near '%s'", text)
		return
	}
	if isHexadecimal(text) && bytes.ContainsAny([]byte(text), "pP.") {
		text = strconv.FormatFloat(value, 'g', -1, 64)
	}
	s.output.WriteString(text)
}

func isHexadecimal(text string) bool { return len(text) > 1 && (text[1] == 'x' || text[1] == 'X') }

// text takes a string in quotes. One that does not end on its line is left to the parser.
func (s *scanner) text(quote byte) {
	n := 1
	for s.peek(n) != quote && s.at+n < len(s.source) && s.peek(n) != '\n' && s.peek(n) != '\r' {
		if s.peek(n) == '\\' {
			n += s.escape(n + 1)
		}
		n++
	}
	s.copy(min(n+1, len(s.source)-s.at))
	s.calls.text(s.line)
}

// escape returns the length of what follows a backslash.
func (s *scanner) escape(distance int) int {
	n := 0
	for n < 3 && isDigit(s.peek(distance+n)) {
		n++
	}
	if value, _ := strconv.Atoi(string(s.source[s.at+distance : s.at+distance+n])); value > 255 {
		s.fail(s.line, "escape sequence too large near '\\%d'", value)
	}
	if n == 0 && s.at+distance < len(s.source) {
		n = 1
		if a, b := s.peek(distance), s.peek(distance+1); a == '\r' && b == '\n' || a == '\n' && b == '\r' {
			n = 2
		}
	}
	return n
}

func isLetter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
