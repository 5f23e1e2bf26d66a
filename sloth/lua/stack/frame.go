package stack

import (
	"reflect"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// Frame is gopher-lua's callFrame, field by field: what it keeps of a call. TestFrame compares them.
type Frame struct {
	Idx        int
	Fn         *lua.LFunction
	Parent     *Frame
	Pc         int
	Base       int
	LocalBase  int
	ReturnBase int
	NArgs      int
	NRet       int
	TailCall   int
}

// currentFrameField is where a state has the frame of the function that runs.
var currentFrameField, _ = reflect.TypeFor[lua.LState]().FieldByName("currentFrame")

// Current returns the frame of the function that runs.
func Current(state *lua.LState) *Frame {
	return *(**Frame)(unsafe.Add(unsafe.Pointer(state), currentFrameField.Offset))
}

// CalledBy returns the instruction that made the call of a frame, and its place in the caller's code; ok is false where
// the caller is no Lua code.
func (f *Frame) CalledBy() (code []uint32, pc int, ok bool) {
	caller := f.Parent
	if caller == nil || caller.Fn.IsG || caller.Pc < 1 {
		return nil, 0, false
	}
	return caller.Fn.Proto.Code, caller.Pc - 1, true
}

// Opcode is what an instruction does: lua.OP_CALL and the like.
func Opcode(instruction uint32) int { return int(instruction >> 26) }

// registerA is the operand A of an instruction.
func registerA(instruction uint32) int { return int(instruction>>18) & 0xff }

// Name is what the source calls the function of a frame, "?" where it has no name for it. method: it was called with a
// colon.
func (f *Frame) Name() (name string, method bool) {
	code, pc, ok := f.CalledBy()
	if !ok {
		return "?", false
	}
	switch Opcode(code[pc]) {
	case lua.OP_TFORLOOP:
		return "(for generator)", false
	case lua.OP_CALL, lua.OP_TAILCALL:
	default:
		return "?", false
	}
	for _, call := range f.Parent.Fn.Proto.DbgCalls {
		if call.Pc == pc {
			return call.Name, isMethod(code[:pc], registerA(code[pc]))
		}
	}
	return "?", false
}

// isMethod reports whether the function in the register was put there as a method is.
func isMethod(code []uint32, register int) bool {
	for i := len(code) - 1; i >= 0; i-- {
		if registerA(code[i]) != register {
			continue
		}
		switch Opcode(code[i]) {
		case lua.OP_SELF:
			return true
		case lua.OP_MOVE, lua.OP_MOVEN, lua.OP_LOADK, lua.OP_GETUPVAL, lua.OP_GETGLOBAL, lua.OP_GETTABLE, lua.OP_GETTABLEKS,
			lua.OP_CALL, lua.OP_CLOSURE, lua.OP_VARARG:
			return false
		}
	}
	return false
}
