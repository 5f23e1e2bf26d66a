package sloth

import (
	"context"
	"time"
)

// phase is the context of a Lua state and its coroutines for as long as they live. What it stands for changes: the
// load, a task, the next task. It is read by the goroutine that runs the Lua code, before every instruction.
type phase struct {
	current context.Context
	done    <-chan struct{}
}

func (p *phase) enter(ctx context.Context) { p.current, p.done = ctx, ctx.Done() }

// leave makes a context that never ends the current one.
func (p *phase) leave() { p.enter(context.Background()) }

func (p *phase) Deadline() (time.Time, bool) { return p.current.Deadline() }

func (p *phase) Done() <-chan struct{} { return p.done }

// Err is the cause: gopher-lua makes the text of the Lua error from it.
func (p *phase) Err() error { return context.Cause(p.current) }

func (p *phase) Value(key any) any { return p.current.Value(key) }

// AfterFunc keeps package context from starting a goroutine for every coroutine that gopher-lua makes: none of them
// keeps the child that it was given.
func (p *phase) AfterFunc(func()) func() bool { return func() bool { return true } }
