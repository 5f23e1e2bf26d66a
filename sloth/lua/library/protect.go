package library

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/sloth/lua/arg"
	"sloth-runner/sloth/lua/stack"
)

// pcall is pcall(function, ...).
func (l *Library) pcall(state *lua.LState) int {
	function := arg.Any(state, 1)
	if !callable(state, function) {
		state.Push(lua.LFalse)
		state.Push(lua.LString("attempt to call a " + function.Type().String() + " value"))
		return 2
	}
	if err := l.protected(state); err != nil {
		state.Push(lua.LFalse)
		state.Push(ErrorValue(err))
		return 2
	}
	state.Insert(lua.LTrue, 1)
	return state.GetTop()
}

// xpcall is xpcall(function, handler, ...). It calls the handler after the stack is unwound: gopher-lua's own leaves
// closures with variables that have ceased to be.
func (l *Library) xpcall(state *lua.LState) int {
	handler := arg.Any(state, 2)
	state.Remove(2)
	err := error(nil)
	if function := state.Get(1); callable(state, function) {
		err = l.protected(state)
	} else {
		err = &lua.ApiError{Object: lua.LString("attempt to call a " + function.Type().String() + " value")}
	}
	if err != nil {
		value := l.handled(state, handler, ErrorValue(err))
		state.Push(lua.LFalse)
		state.Push(value)
		return 2
	}
	state.Insert(lua.LTrue, 1)
	return state.GetTop()
}

// maxHandled is how many errors of its own a handler gets.
const maxHandled = 20

// handled is what the handler makes of an error. It gets its own errors too, until it has none or has had too many.
func (l *Library) handled(state *lua.LState, handler, value lua.LValue) lua.LValue {
	for range maxHandled {
		if !callable(state, handler) || l.interrupted() != nil {
			break
		}
		state.SetTop(0)
		state.Push(handler)
		state.Push(value)
		err := l.protected(state)
		if err == nil {
			value = state.Get(1)
			state.SetTop(0)
			return value
		}
		value = ErrorValue(err)
	}
	state.SetTop(0)
	return lua.LString("error in error handling")
}

// callable reports whether a value can be called. Those that can't have a metamethod too, which fails: see openTypeErrors.
func callable(state *lua.LState, value lua.LValue) bool {
	switch value.Type() {
	case lua.LTFunction:
		return true
	case lua.LTTable, lua.LTUserData:
		return state.GetMetaField(value, "__call").Type() == lua.LTFunction
	default:
		return false
	}
}

// protected calls the function that is the first value on the stack with all others, and leaves its results in their place.
//
// An error closes what functions share of the local variables of all calls on the stack, also of those that go on behind
// pcall: from then on, a function that was made there would have variables of its own. gopher-lua finds these calls along
// the frames; it must not find those before this one.
func (l *Library) protected(state *lua.LState) error {
	frame := stack.Current(state)
	parent, depth := frame.Parent, len(l.cuts)
	l.cuts = append(l.cuts, cut{frame, parent})
	frame.Parent = nil
	err := state.PCall(state.GetTop()-1, lua.MultRet, nil)
	frame.Parent, l.cuts = parent, l.cuts[:depth]
	return err
}

// cut is where protected has cut off the frames before its own.
type cut struct{ frame, parent *stack.Frame }

// frameAt returns the frame at a level of the stack: the function that runs has level 0, its caller level 1. It is nil where
// the stack has no such level, and where a tail call has left it without a frame.
func (l *Library) frameAt(state *lua.LState, level int) (f *stack.Frame, ok bool) {
	for f = stack.Current(state); f != nil; f = l.caller(f) {
		if level == 0 {
			return f, true
		}
		if level--; f.Fn.IsG {
			continue
		}
		if level -= f.TailCall; level < 0 {
			return nil, true
		}
	}
	return nil, false
}

// caller returns the frame of what called a frame's function, beyond protected calls.
func (l *Library) caller(f *stack.Frame) *stack.Frame {
	for i := len(l.cuts) - 1; i >= 0 && f.Parent == nil; i-- {
		if l.cuts[i].frame == f {
			return l.cuts[i].parent
		}
	}
	return f.Parent
}

// place is where the function at a level of the stack stands in its source, as "file:line: "; "" for one that is not Lua's.
func (l *Library) place(state *lua.LState, level int) string {
	f, ok := l.frameAt(state, level)
	if !ok || f == nil || f.Fn.IsG || f.Pc < 1 {
		return ""
	}
	proto := f.Fn.Proto
	return fmt.Sprintf("%s:%d: ", proto.SourceName, proto.DbgSourcePositions[f.Pc-1])
}

// InternalError is what a person reads of a fault of our own.
const InternalError = "internal error of the task language: please report it, together with the file"

// ErrorValue returns the value that was raised. A failure inside the machine, which would read as Go, becomes a text.
func ErrorValue(err error) lua.LValue {
	raised, ok := err.(*lua.ApiError)
	switch {
	case !ok:
		return lua.LString(InternalError)
	case raised.Type != lua.ApiErrorPanic:
		return inLuaWords(raised.Object)
	case strings.Contains(raised.Object.String(), "callstack overflow"):
		return lua.LString("stack overflow")
	default:
		return lua.LString(InternalError)
	}
}
