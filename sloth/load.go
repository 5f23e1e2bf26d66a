package sloth

import (
	"context"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"sloth-runner/plan"
	"sloth-runner/sloth/lua/library"
	"sloth-runner/sloth/lua/names"
)

// Load reads a .sloth file on the operator's machine. file is its name in messages, source its text.
//
// Loading takes at most 5 s and 256 MB; it runs no command, and nothing of the machine but the clock can be read.
// What is wrong with the file is returned as Problems, all of it at once as far as it can be told. Any other error
// means that ctx ended.
func Load(ctx context.Context, file string, source []byte) (*plan.Plan, error) {
	machine, err := Open(ctx, file, source, nil)
	if err != nil {
		return nil, err
	}
	machine.Close()
	return machine.plan, nil
}

// Open loads a .sloth file on a host, with the same result and within the same bounds as Load, and keeps what is
// needed to run its tasks. The caller closes the machine. A nil host is one on which no task will be run.
func Open(ctx context.Context, file string, source []byte, host Host) (*Machine, error) {
	return open(ctx, file, source, host, loadLimits())
}

func open(ctx context.Context, file string, source []byte, host Host, limits limits) (*Machine, error) {
	m := newMachine(host)
	loaded, err := m.load(ctx, file, source, limits)
	if err != nil {
		m.Close()
		return nil, err
	}
	m.plan = loaded
	return m, nil
}

func (m *Machine) load(ctx context.Context, file string, source []byte, limits limits) (*plan.Plan, error) {
	bounds, stop := limits.bound(ctx, m.phase)
	defer stop()

	chunk, err := m.compileWithin(bounds, file, text(source), libraryNames{m.state.G.Global, m.modules})
	found := findings{file: file}
	if err == nil {
		found.addMistakes(chunk.mistakes)
		err = found.with(m.runChunk(file, chunk))
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("load %s: %w", file, context.Cause(ctx))
	}
	if err != nil {
		return nil, err
	}
	d := decoder{findings: found, layout: chunk.layout, functions: m.functions}
	loaded := &plan.Plan{File: file, Source: source}
	if fault := contained(func() { loaded.Groups = d.plan(m.state.G.Global) }); fault != nil {
		return nil, Problems{{File: file, Line: chunk.layout.line, Message: fault.Error()}}
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	return loaded, nil
}

// compileWithin gives up when ctx ends. The parser and the compiler don't know of contexts: they are left to
// themselves then, and come to their end because the source is bounded.
func (m *Machine) compileWithin(ctx context.Context, file string, source []byte, library names.Library) (*chunk, error) {
	type outcome struct {
		chunk *chunk
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		chunk, err := compile(file, source, library, m.off)
		done <- outcome{chunk, err}
	}()
	select {
	case result := <-done:
		return result.chunk, result.err
	case <-ctx.Done():
		return nil, Problems{{File: file, Message: context.Cause(ctx).Error()}}
	}
}

// runChunk runs the file's top level.
func (m *Machine) runChunk(file string, chunk *chunk) error {
	function, err := m.instantiate(m.state, chunk)
	if err == nil {
		err = m.call(function, 0)
	}
	if err == nil {
		return nil
	}
	problem := Problem{File: file, Message: errMachine.Error()}
	// When even that fails, the sentence above is what is known.
	_ = contained(func() { problem = m.raised(err).problem(file) })
	return Problems{problem}
}

// instantiate makes the function of a chunk.
func (m *Machine) instantiate(state *lua.LState, chunk *chunk) (*lua.LFunction, error) {
	state.Push(state.NewFunctionFromProto(chunk.proto))
	state.Push(state.NewFunction(m.library.Concat(chunk.describe)))
	state.Push(state.NewFunction(library.ForBound))
	state.Push(state.NewFunction(library.Join))
	if err := state.PCall(3, 1, nil); err != nil {
		return nil, err
	}
	function, ok := state.Get(-1).(*lua.LFunction)
	state.Pop(1)
	if !ok {
		return nil, errMachine
	}
	return function, nil
}
