package sloth

import (
	"context"
	"errors"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/lua/library"
)

// raised is a Lua error as a person reads it.
type raised struct {
	// message begins with "file:line: " where the place is known.
	message   string
	traceback string
}

// raised words an error of the Lua machine.
func (m *Machine) raised(err error) raised {
	var api *lua.ApiError
	if !errors.As(err, &api) {
		return raised{message: errMachine.Error()}
	}
	value := library.ErrorValue(err)
	result := raised{traceback: traceback(api.StackTrace)}
	if text, ok := value.(lua.LString); ok {
		// gopher-lua leaves a space where it knows no place.
		result.message = bounds.Text(strings.TrimPrefix(string(text), " "), maxMessage)
	} else {
		result.message = m.errorText(value)
	}
	if strings.Contains(result.message, "attempt to ") && strings.Contains(result.message, " value") {
		// The call of a metamethod that only makes the error.
		result.traceback = withoutBuiltIn(result.traceback)
	}
	_, isText := value.(lua.LString)
	if place := innermost(result.traceback); place != "" && (!isText || api.Type == lua.ApiErrorPanic) {
		result.message = place + " " + result.message
	}
	return result
}

// errorText words an error value that is no string: by its own __tostring, or as Lua would write it.
func (m *Machine) errorText(value lua.LValue) string {
	method, ok := m.state.GetMetaField(value, "__tostring").(*lua.LFunction)
	if !ok {
		return "error value " + render(value)
	}
	m.state.Push(method)
	m.state.Push(value)
	err := m.state.PCall(1, 1, nil)
	if cause := context.Cause(m.phase.current); cause != nil {
		return cause.Error()
	}
	if err != nil {
		return "error value " + render(value)
	}
	text := m.state.Get(-1)
	m.state.Pop(1)
	if number, ok := text.(lua.LNumber); ok {
		return arg.FormatNumber(number)
	}
	return bounds.Text(lua.LVAsString(text), maxMessage)
}

// frameNames are for the outermost functions of a state and a coroutine.
var frameNames = strings.NewReplacer(": in main chunk", ": in the command function", ": in corountine", ": in a coroutine")

// traceback keeps the Lua calls of gopher-lua's text, which looks like
//
//	stack traceback:
//		[G]: in function 'error'
//		deploy.sloth:3: in function <deploy.sloth:2>
//		(tailcall): ?
//		[G]: ?
func traceback(text string) string {
	var calls []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		builtIn, isBuiltIn := strings.CutPrefix(line, "[G]: in ")
		switch {
		case line == "stack traceback:" || line == "[G]: ?" || line == "":
		case isBuiltIn && strings.Contains(builtIn, "'."):
		case isBuiltIn:
			calls = append(calls, "[built-in]: in "+builtIn)
		case line == "(tailcall): ?":
			calls = append(calls, "(tail call)")
		default:
			calls = append(calls, frameNames.Replace(line))
		}
	}
	return bounds.Text(strings.Join(calls, "\n"), maxMessage)
}

// withoutBuiltIn leaves out the innermost call, if it is none of Lua's.
func withoutBuiltIn(traceback string) string {
	if first, rest, _ := strings.Cut(traceback, "\n"); strings.HasPrefix(first, "[built-in]") {
		return rest
	}
	return traceback
}

// innermost returns "file:line:" of the first call in the traceback that is Lua's, or "".
func innermost(traceback string) string {
	for line := range strings.Lines(traceback) {
		place, _, ok := strings.Cut(line, ": in ")
		if ok && !strings.HasPrefix(place, "[built-in]") {
			return place + ":"
		}
	}
	return ""
}

// problem places the error in the file.
func (r raised) problem(file string) Problem {
	rest, ok := strings.CutPrefix(r.message, file+":")
	if ok {
		number, message, found := strings.Cut(rest, ": ")
		if line, err := strconv.Atoi(number); err == nil && found {
			return Problem{File: file, Line: line, Message: message}
		}
	}
	return Problem{File: file, Message: r.message}
}
