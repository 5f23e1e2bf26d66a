package vm

import (
	"context"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"

	"sloth-runner/sloth/lua/library"
)

// Compile compiles source text, within ctx. Its error is an *Error. inspect, if it is not nil, sees the statements as they are written;
// when ctx ends, it may still run.
//
// The parser and the compiler don't know of contexts: they are left to themselves then, and come to their end because the source
// is bounded.
func (v *VM) Compile(ctx context.Context, file string, source []byte, inspect func([]ast.Stmt)) (*Chunk, error) {
	type outcome struct {
		chunk *Chunk
		err   error
	}
	done := make(chan outcome, 1)
	off := v.off
	go func() {
		chunk, err := compile(file, source, inspect, off)
		done <- outcome{chunk, err}
	}()
	select {
	case result := <-done:
		return result.chunk, result.err
	case <-ctx.Done():
		return nil, &Error{File: file, Message: context.Cause(ctx).Error()}
	}
}

// Run runs a chunk, as the top level of the file of that name. Its error is an *Error.
func (v *VM) Run(chunk *Chunk, file string) error {
	function, err := v.instantiate(v.state, chunk)
	if err == nil {
		err = v.call(function, 0)
	}
	if err == nil {
		return nil
	}
	problem := &Error{File: file, Message: ErrInternal.Error()}
	// When even that fails, the sentence above is what is known.
	_ = Contained(func() { problem = v.Raised(err).In(file) })
	return problem
}

// Call calls a Lua function without arguments, and passes the values that it returned to read. The error is that of the function,
// for Raised; what read returns is none of it.
func (v *VM) Call(function *lua.LFunction, read func(values Values, err error)) error {
	err := v.call(function, lua.MultRet)
	defer v.state.SetTop(0)
	if fault := Contained(func() { read(Values{v.state}, err) }); fault != nil {
		return fault
	}
	return err
}

// Values are what a function returned.
type Values struct{ state *lua.LState }

// Len is how many there are.
func (v Values) Len() int { return v.state.GetTop() }

// At returns a value, counted from 1; nil where there is none.
func (v Values) At(n int) lua.LValue { return v.state.Get(n) }

// call calls a Lua function without arguments and leaves its results on the stack.
func (v *VM) call(function *lua.LFunction, results int) (err error) {
	// gopher-lua recovers whatever is raised, but for what happens while it does so.
	fault := Contained(func() {
		v.state.Push(function)
		err = v.state.PCall(0, results, nil)
	})
	if fault != nil {
		return fault
	}
	return err
}

// instantiate makes the function of a chunk.
func (v *VM) instantiate(state *lua.LState, chunk *Chunk) (*lua.LFunction, error) {
	state.Push(state.NewFunctionFromProto(chunk.proto))
	state.Push(state.NewFunction(v.library.Concat(chunk.describe)))
	state.Push(state.NewFunction(library.ForBound))
	state.Push(state.NewFunction(library.Join))
	if err := state.PCall(3, 1, nil); err != nil {
		return nil, err
	}
	function, ok := state.Get(-1).(*lua.LFunction)
	state.Pop(1)
	if !ok {
		return nil, ErrInternal
	}
	return function, nil
}
