package sloth

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/yuin/gopher-lua/ast"

	"sloth-runner/plan"
	"sloth-runner/sloth/lua/names"
	"sloth-runner/sloth/lua/vm"
)

// Load reads a .sloth file on the operator's machine. file is its name in messages, source its text.
//
// Loading takes at most 5 s and 256 MB; it runs no command, and nothing of the machine but the clock can be read.
// What is wrong with the file is returned as Problems, all of it at once as far as possible. Any other error
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

func open(ctx context.Context, file string, source []byte, host Host, limits vm.Limits) (*Machine, error) {
	m := newMachine(host)
	loaded, err := m.load(ctx, file, source, limits)
	if err != nil {
		m.Close()
		return nil, err
	}
	m.plan = loaded
	return m, nil
}

func (m *Machine) load(ctx context.Context, file string, source []byte, limits vm.Limits) (*plan.Plan, error) {
	bounds, stop := m.vm.Bound(ctx, limits)
	defer stop()

	var written layout
	found := findings{file: file}
	chunk, err := m.vm.Compile(bounds, file, text(source), func(statements []ast.Stmt) {
		written = newLayout(statements)
		found.addMistakes(names.Check(statements, m.vm.Names()))
	})
	if err == nil {
		err = m.vm.Run(chunk, file)
	}
	err = asProblems(err)
	if chunk != nil {
		err = found.with(err)
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("load %s: %w", file, context.Cause(ctx))
	}
	if err != nil {
		return nil, err
	}
	d := decoder{findings: found, layout: written, functions: m.functions}
	loaded := &plan.Plan{File: file, Source: source}
	if fault := vm.Contained(func() { loaded.Groups = d.plan(m.vm.Globals()) }); fault != nil {
		return nil, Problems{{File: file, Line: written.line, Message: fault.Error()}}
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	loaded.Offers = m.offers
	return loaded, nil
}

// text is a file's source without what may come before it: a byte order mark, and a first line for the system's loader.
func text(source []byte) []byte {
	source = bytes.TrimPrefix(source, []byte("\uFEFF"))
	if bytes.HasPrefix(source, []byte("#")) {
		if end := bytes.IndexByte(source, '\n'); end >= 0 {
			return source[end:]
		}
		return nil
	}
	return source
}

// asProblems makes the error of a chunk one of the file.
func asProblems(err error) error {
	if wrong, ok := errors.AsType[*vm.Error](err); ok {
		return Problems{{File: wrong.File, Line: wrong.Line, Message: wrong.Message}}
	}
	return err
}
