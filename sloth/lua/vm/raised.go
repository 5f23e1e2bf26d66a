package vm

import (
	"context"
	"errors"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/lua/library"
	"sloth-runner/sloth/lua/show"
)

// MaxMessage bounds, in bytes, what is said of an error.
const MaxMessage = 16 << 10

// Raised is a Lua error as a person reads it.
type Raised struct {
	// Message begins with "file:line: " where the place is known.
	Message string
	// Traceback has the Lua calls that led to it, one a line, the innermost first.
	Traceback string
}

// Raised words an error of the Lua machine.
func (v *VM) Raised(err error) Raised {
	var api *lua.ApiError
	if !errors.As(err, &api) {
		return Raised{Message: ErrInternal.Error()}
	}
	value := library.ErrorValue(err)
	result := Raised{Traceback: traceback(api.StackTrace)}
	if text, ok := value.(lua.LString); ok {
		// gopher-lua leaves a space where it knows no place.
		result.Message = bounds.Text(strings.TrimPrefix(string(text), " "), MaxMessage)
	} else {
		result.Message = v.errorText(value)
	}
	if strings.Contains(result.Message, "attempt to ") && strings.Contains(result.Message, " value") {
		// The call of a metamethod that only makes the error.
		result.Traceback = withoutBuiltIn(result.Traceback)
	}
	_, isText := value.(lua.LString)
	if place := innermost(result.Traceback); place != "" && (!isText || api.Type == lua.ApiErrorPanic) {
		result.Message = place + " " + result.Message
	}
	return result
}

// errorText words an error value that is no string: by its own __tostring, or as Lua would write it.
func (v *VM) errorText(value lua.LValue) string {
	method, ok := v.state.GetMetaField(value, "__tostring").(*lua.LFunction)
	if !ok {
		return "error value " + show.Value(value)
	}
	v.state.Push(method)
	v.state.Push(value)
	err := v.state.PCall(1, 1, nil)
	if cause := context.Cause(v.phase.current); cause != nil {
		return cause.Error()
	}
	if err != nil {
		return "error value " + show.Value(value)
	}
	text := v.state.Get(-1)
	v.state.Pop(1)
	if number, ok := text.(lua.LNumber); ok {
		return arg.FormatNumber(number)
	}
	return bounds.Text(lua.LVAsString(text), MaxMessage)
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
	return bounds.Text(strings.Join(calls, "\n"), MaxMessage)
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

// In places the error in the file.
func (r Raised) In(file string) *Error {
	rest, ok := strings.CutPrefix(r.Message, file+":")
	if ok {
		number, message, found := strings.Cut(rest, ": ")
		if line, err := strconv.Atoi(number); err == nil && found {
			return &Error{File: file, Line: line, Message: message}
		}
	}
	return &Error{File: file, Message: r.Message}
}
