package stdlib

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// errTooLong is for what does not fit in a string.
var errTooLong = errors.New("more than " + strconv.Itoa(MaxString>>20) + " MiB in one piece")

// read reads by the formats that are the arguments from first on: "*l" (the default), "*n", "*a" or a number of bytes,
// with or without the star. It pushes the values, ending with nil at the end of the file.
func (l *Library) read(state *lua.LState, f *file, first int) int {
	formats := []lua.LValue{lua.LString("*l")}
	if top := state.GetTop(); top >= first {
		formats = formats[:0]
		for i := first; i <= top; i++ {
			formats = append(formats, state.Get(i))
		}
	}
	for i, format := range formats {
		value, err := l.readOne(state, f, format)
		if err != nil && err != io.EOF {
			state.Push(lua.LNil)
			state.Push(lua.LString(f.name + ": " + reason(err)))
			return i + 2
		}
		state.Push(value)
		if value == lua.LNil {
			return i + 1
		}
	}
	return len(formats)
}

func (l *Library) readOne(state *lua.LState, f *file, format lua.LValue) (lua.LValue, error) {
	read := l.reading(state, format)
	reader, err := f.input()
	if err == io.EOF {
		reader = bufio.NewReader(strings.NewReader(""))
	} else if err != nil {
		return lua.LNil, err
	}
	if f.regular {
		return read(reader)
	}
	value := lua.LNil
	err = l.blocking(state, func() error {
		var err error
		value, err = read(reader)
		return err
	}, l.abandon(f))
	return value, err
}

// reading returns what reads one value of the format.
func (l *Library) reading(state *lua.LState, format lua.LValue) func(*bufio.Reader) (lua.LValue, error) {
	if n, ok := format.(lua.LNumber); ok {
		l.reserve(state, max(int(n), 0))
		return func(reader *bufio.Reader) (lua.LValue, error) { return readBytes(reader, max(int(n), 0)) }
	}
	switch strings.TrimPrefix(lua.LVAsString(format), "*") {
	case "l":
		return readLine
	case "n":
		return readNumber
	case "a":
		return readAll
	default:
		state.RaiseError("invalid format of read")
		return nil
	}
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
		if len(line)+len(piece) > MaxString {
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
	if _, err := io.Copy(&text, io.LimitReader(reader, MaxString+1)); err != nil {
		return lua.LNil, err
	}
	if text.Len() > MaxString {
		return lua.LNil, errTooLong
	}
	return lua.LString(text.String()), nil
}

// readNumber reads what can belong to a number after white space, at most 200 bytes as Lua does.
func readNumber(reader *bufio.Reader) (lua.LValue, error) {
	var text strings.Builder
	for text.Len() < 200 {
		next, err := reader.Peek(1)
		if err != nil {
			break
		}
		space := strings.IndexByte(spaces, next[0]) >= 0
		if space && text.Len() == 0 {
			_, _ = reader.Discard(1)
			continue
		}
		if space || strings.IndexByte("0123456789abcdefABCDEFxX.+-", next[0]) < 0 {
			break
		}
		text.WriteByte(next[0])
		_, _ = reader.Discard(1)
	}
	if number, ok := ParseNumber(text.String()); ok {
		return number, nil
	}
	return lua.LNil, nil
}
