package vm

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/proto"
	"sloth-runner/sloth/lua/binding"
	"sloth-runner/sloth/lua/bounds"
	"sloth-runner/sloth/lua/library"
)

// inside is the VM and its System as the library and the modules see them.
type inside struct {
	System
	vm *VM
}

var (
	_ library.System = inside{}
	_ binding.System = inside{}
)

// Context ends when the Lua code has to.
func (i inside) Context() context.Context { return i.vm.phase.current }

// Flush logs what Lua code has written.
func (i inside) Flush() { i.vm.library.Flush() }

// Reserve is asked before n bytes are allocated at once.
func (i inside) Reserve(n int) error {
	if memory := i.vm.phase.memory; memory != nil && !memory.reserve(uint64(n)) {
		return context.Cause(i.vm.phase.current)
	}
	return nil
}

// Log makes a message valid UTF-8 of bounded length.
func (i inside) Log(level proto.Log_Level, message string) {
	i.System.Log(level, bounds.Text(message, bounds.MaxMessage))
}

// Compile turns source text into a function of the state, which may be a coroutine's.
func (i inside) Compile(state *lua.LState, name, source string) (*lua.LFunction, error) {
	chunk, err := i.vm.Compile(i.vm.phase.current, name, []byte(source), nil)
	if err != nil {
		return nil, err
	}
	return i.vm.instantiate(state, chunk)
}
