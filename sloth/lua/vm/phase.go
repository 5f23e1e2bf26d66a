package vm

import (
	"context"
	"sync/atomic"
	"time"
)

// phase is the context of a Lua state and its coroutines for as long as they live. What it stands for changes: the
// load, a task, the next task. It is used by the goroutine that runs the Lua code, before every instruction; only
// hold is for others.
type phase struct {
	current context.Context
	done    <-chan struct{}
	memory  *memoryBound
	// held, when set, is closed when the Lua code may go on.
	held atomic.Pointer[chan struct{}]
}

func (p *phase) enter(ctx context.Context, memory *memoryBound) {
	p.current, p.done, p.memory = ctx, ctx.Done(), memory
}

// leave makes a context that never ends the current one.
func (p *phase) leave() { p.enter(context.Background(), nil) }

// hold stops the Lua code at its next instruction until release is called. One caller at a time may hold it.
func (p *phase) hold() (release func()) {
	gate := make(chan struct{})
	p.held.Store(&gate)
	return func() {
		p.held.Store(nil)
		close(gate)
	}
}

func (p *phase) Deadline() (time.Time, bool) { return p.current.Deadline() }

// Done also is where the Lua code is held: gopher-lua calls it before every instruction.
func (p *phase) Done() <-chan struct{} {
	if gate := p.held.Load(); gate != nil {
		<-*gate
	}
	return p.done
}

// Err is the cause: gopher-lua makes the text of the Lua error from it.
func (p *phase) Err() error { return context.Cause(p.current) }

func (p *phase) Value(key any) any { return p.current.Value(key) }

// AfterFunc keeps package context from starting a goroutine for every coroutine that gopher-lua makes: none of them
// keeps the child that it was given.
func (p *phase) AfterFunc(func()) func() bool { return func() bool { return true } }
