package stdlib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// pcall is pcall(function, ...).
func (l *Library) pcall(state *lua.LState) int {
	function := checkAny(state, 1)
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
	handler := checkAny(state, 2)
	state.Remove(2)
	err := error(nil)
	if function := state.Get(1); callable(state, function) {
		err = l.protected(state)
	} else {
		err = &lua.ApiError{Object: lua.LString("attempt to call a " + function.Type().String() + " value")}
	}
	if err != nil {
		state.Push(lua.LFalse)
		state.Push(handler)
		state.Push(ErrorValue(err))
		state.Call(1, 1)
		return 2
	}
	state.Insert(lua.LTrue, 1)
	return state.GetTop()
}

func callable(state *lua.LState, value lua.LValue) bool {
	if value.Type() == lua.LTFunction {
		return true
	}
	return state.GetMetaField(value, "__call").Type() == lua.LTFunction
}

// protected calls the function that is the first value on the stack with all others, and leaves its results in their place.
func (l *Library) protected(state *lua.LState) error {
	state.Insert(l.guarded, 1)
	return state.PCall(state.GetTop()-1, lua.MultRet, nil)
}

// guarded calls its first argument with the others. An error closes what functions share of the local variables of all
// calls on the stack, also of those that go on behind pcall: from then on, a function that was made there would have
// variables of its own. gopher-lua finds these calls along the frames; it must not find those before this one.
func guarded(state *lua.LState) int {
	currentFrame(state).Parent = nil
	state.Call(state.GetTop()-1, lua.MultRet)
	return state.GetTop()
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
