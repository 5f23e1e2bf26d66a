package vm

import (
	"context"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"
)

const (
	// MaxSource is the largest file, in bytes.
	MaxSource = 1 << 20

	// maxCalls is the depth of Lua calls, and with them of Go's.
	maxCalls = 1000
	// Values on the stack of a coroutine: at first, what is added when it is full, and at most.
	minStack  = 512
	stackStep = 8192
	maxStack  = 256 << 10
	// maxSparse is the largest index that turns a table into an array, with nil before it: one assignment allocates
	// 16 bytes for each.
	maxSparse = 2 << 20
)

// Limits are what Lua code may take until it is stopped.
type Limits struct {
	// Time is from its start; 0: unlimited.
	Time time.Duration
	// Memory in bytes is what the process may grow by, garbage included.
	Memory uint64
	// TooLong and TooMuch are the causes that it is stopped for.
	TooLong, TooMuch error
}

// limitTables sets what gopher-lua has for the process as a whole, before its first use.
var limitTables = sync.OnceFunc(func() { lua.MaxArrayIndex = maxSparse })

// bound has the phase end with ctx or at the limits. stop ends the watch over them, and the phase.
func (l Limits) bound(ctx context.Context, p *phase) (bounded context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stopTimer := func() {}
	memory := newMemoryBound(l.Memory, func() { cancel(l.TooMuch) })
	if l.Time > 0 {
		ctx, stopTimer = context.WithTimeoutCause(ctx, l.Time, l.TooLong)
	}
	p.enter(ctx, memory)
	stopWatch := memory.watch(p)
	return ctx, func() {
		stopTimer()
		stopWatch()
		cancel(nil)
		p.leave()
	}
}
