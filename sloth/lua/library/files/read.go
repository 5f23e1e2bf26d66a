package files

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/bounds"
)

// errTooLong is for what does not fit in a string.
var errTooLong = errors.New("more than " + strconv.Itoa(bounds.MaxString>>20) + " MiB in one piece")

// reading reads one value from a file.
type reading func(*bufio.Reader) (lua.LValue, error)

// read reads by the formats that are the arguments from first on: "*l" (the default), "*n", "*a" or a number of bytes,
// with or without the star. It pushes the values, ending with nil at the end of the file.
func (l *Files) read(state *lua.LState, f *file, first int) int {
	if state.GetTop() < first {
		state.Push(lua.LString("*l"))
	}
	top := state.GetTop()
	for i := first; i <= top; i++ {
		value, err := l.readOne(state, f, l.reading(state, i))
		if err != nil && err != io.EOF {
			return PushOutcome(state, "", err)
		}
		state.Push(value)
		if value == lua.LNil {
			return i - first + 1
		}
	}
	return top - first + 1
}

func (l *Files) readOne(state *lua.LState, f *file, read reading) (lua.LValue, error) {
	reader, err := l.readerOf(f)
	if err == io.EOF {
		reader = bufio.NewReader(strings.NewReader(""))
	} else if err != nil {
		return lua.LNil, err
	}
	f.failed = nil
	value, err := read(reader)
	// What was read before such an error is no value.
	FailIfLeft(state, f.failed)
	return value, err
}

// reading returns what reads one value of the format that is the argument.
func (l *Files) reading(state *lua.LState, argument int) reading {
	if n, ok := state.Get(argument).(lua.LNumber); ok {
		count := arg.Integer(n)
		bounds.Reserve(state, l.system, max(count, 0))
		return func(reader *bufio.Reader) (lua.LValue, error) { return readBytes(reader, max(count, 0)) }
	}
	text, _ := arg.ToText(state.Get(argument))
	format, star := strings.CutPrefix(text, "*")
	switch {
	case strings.HasPrefix(format, "l"):
		return readLine
	case strings.HasPrefix(format, "n"):
		return readNumber
	case strings.HasPrefix(format, "a"):
		return readAll
	case star:
		arg.Fail(state, argument, "invalid format")
	default:
		arg.Fail(state, argument, "invalid option")
	}
	return nil
}

func readBytes(reader *bufio.Reader, n int) (lua.LValue, error) {
	if n == 0 {
		_, err := reader.Peek(1)
		if err != nil {
			return lua.LNil, err
		}
		return lua.LString(""), nil
	}
	var text strings.Builder
	got, err := io.CopyN(&text, reader, int64(n))
	if got == 0 {
		return lua.LNil, err
	}
	return lua.LString(text.String()), nil
}

func readLine(reader *bufio.Reader) (lua.LValue, error) {
	var line []byte
	for {
		piece, err := reader.ReadSlice('\n')
		if len(line)+len(piece) > bounds.MaxString {
			return lua.LNil, errTooLong
		}
		line = append(line, piece...)
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil && len(line) == 0:
			return lua.LNil, err
		default:
			return lua.LString(strings.TrimSuffix(string(line), "\n")), nil
		}
	}
}

func readAll(reader *bufio.Reader) (lua.LValue, error) {
	var text strings.Builder
	if _, err := io.Copy(&text, io.LimitReader(reader, bounds.MaxString+1)); err != nil {
		return lua.LNil, err
	}
	if text.Len() > bounds.MaxString {
		return lua.LNil, errTooLong
	}
	return lua.LString(text.String()), nil
}

// readNumber reads a number as C's scanf does: after white space, and no further than what may belong to one.
func readNumber(reader *bufio.Reader) (lua.LValue, error) {
	s := numberScanner{reader: reader}
	for s.accept(arg.Spaces) {
		s.text = s.text[:0]
	}
	s.accept("+-")
	digits, exponent := "0123456789", "eE"
	before := len(s.text)
	if s.accept("0") && s.accept("xX") {
		digits, exponent = digits+"abcdefABCDEF", "pP"
	}
	for s.accept(digits) {
	}
	if s.accept(".") {
		before++
		for s.accept(digits) {
		}
	}
	if len(s.text) > before && s.accept(exponent) {
		s.accept("+-")
		for s.accept("0123456789") {
		}
	}
	if number, ok := arg.ParseNumber(string(s.text)); ok {
		return number, nil
	}
	return lua.LNil, nil
}

// numberScanner collects the bytes that it accepts, at most 200.
type numberScanner struct {
	reader *bufio.Reader
	text   []byte
}

func (s *numberScanner) accept(set string) bool {
	next, err := s.reader.Peek(1)
	if err != nil || len(s.text) == 200 || strings.IndexByte(set, next[0]) < 0 {
		return false
	}
	s.text = append(s.text, next[0])
	_, _ = s.reader.Discard(1)
	return true
}
